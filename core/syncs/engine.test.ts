import { describe, expect, it } from '@jest/globals';
import { contact, contacts, paged, scripted } from '../../tests/support/contact-streams.ts';
import type { TestDatabase } from '../../tests/support/database.ts';
import { eachInSyncRoom, type SyncRoom } from '../../tests/support/sync-room.ts';
import { until } from '../../tests/support/wait.ts';
import { inTransaction } from '../database/transaction.ts';
import { HeldBack } from '../egress/held-back.ts';
import type { Integration } from '../integrations/integration-store.ts';
import { lockIntegration } from '../integrations/lock.ts';
import { type Checkpoint, type Item, type Page, ReconnectNeeded, Rejected, TryLater } from '../sdk/index.ts';
import type { Run } from './syncs.ts';

let db: TestDatabase;
let room: SyncRoom;
let integration: Integration;

eachInSyncRoom(async (test) => {
  ({ room, db } = test);
  integration = await room.connect();
});

describe('a run that goes wrong', () => {
  it('goes on after its last page when its worker is killed midway', async () => {
    const fetched: number[] = [];
    const all = contacts(50);
    let hang = true;
    room.use(
      paged(all, 'full', async (page) => {
        fetched.push(page);
        if (page === 2 && hang) await new Promise(() => undefined);
      }),
    );
    const run = await room.ask(integration);
    const killed = new AbortController();
    const dead = room.execute(run, { beatMs: 1_000_000 }, killed.signal);
    await until(async () => (await room.again(run)).pages === 2, { what: 'two pages' });
    await room.age(run);
    hang = false;
    await room.execute(run);
    expect(await room.again(run)).toMatchObject({ status: 'succeeded', seen: 50, written: 50, deleted: 0, pages: 5 });
    expect(fetched).toEqual([0, 1, 2, 2, 3, 4]);
    killed.abort();
    await dead;
    expect(await room.recordIds(integration)).toHaveLength(50);
  });

  it('lets nothing be written by a worker whose run was taken over', async () => {
    let release: () => void = () => undefined;
    let stall = true;
    room.use(
      paged(contacts(20), 'incremental', async (page) => {
        if (page === 1 && stall) await new Promise<void>((resolve) => (release = resolve));
      }),
    );
    const run = await room.ask(integration);
    const stalled = room.execute(run, { beatMs: 1_000_000 });
    await until(async () => (await room.again(run)).pages === 1, { what: 'the first page' });
    await room.age(run);
    stall = false;
    await room.execute(run);
    const ended = await room.again(run);
    release();
    await stalled;
    expect(await room.again(run)).toEqual(ended);
    expect(ended).toMatchObject({ status: 'succeeded', pages: 2, seen: 20 });
  });

  it('is put back at once when the hub stops, and asks for its job again', async () => {
    const hub = new AbortController();
    room.use(
      paged(contacts(30), 'incremental', async (page) => {
        if (page !== 1 || hub.signal.aborted) return;
        setTimeout(() => hub.abort(new Error('stop')), 5);
        await new Promise(() => undefined);
      }),
    );
    const run = await room.ask(integration);
    await expect(room.execute(run, {}, hub.signal)).rejects.toMatchObject({ afterSeconds: 0 });
    expect(await room.again(run)).toMatchObject({ status: 'queued', pages: 1, attempts: 0 });
    await room.execute(run);
    expect(await room.again(run)).toMatchObject({ status: 'succeeded', seen: 30 });
  });

  it('fails where the provider repeats a cursor, with the cursor at the last good page', async () => {
    room.use(
      scripted([
        { items: contacts(10), checkpoint: { at: 'a' } },
        { items: contacts(10, 10), checkpoint: { at: 'b' } },
        { items: contacts(10, 20), checkpoint: { at: 'a' } },
        { items: contacts(10, 30), checkpoint: { at: 'b' } },
      ]),
    );
    const run = await room.sync(integration);
    expect(run).toMatchObject({ status: 'failed', errorCode: 'CONNECTION_FAILED', seen: 20 });
    expect(run.message).toContain('Acme repeated a page');
    expect(await room.checkpoint(integration)).toEqual({ value: { at: 'b' }, complete: false });
    expect(await room.recordIds(integration)).toHaveLength(20);
  });

  it('fails where the cursor moves and the records do not', async () => {
    let served = 0;
    room.use({
      title: 'Contacts',
      async *sync() {
        for (;;) {
          served += 1;
          yield { items: contacts(10), checkpoint: { page: served } };
        }
      },
    });
    const run = await room.sync(integration);
    expect(run).toMatchObject({ status: 'failed' });
    expect(run.message).toContain('sent the same records');
    expect(served).toBe(4);
    expect(await room.checkpoint(integration)).toEqual({ value: { page: 1 }, complete: false });
  });

  it('fails with what the plugin said, and keeps the pages before', async () => {
    const pages = [1, 2, 3].map((n): Page => ({ items: contacts(10, n * 10), checkpoint: { n } }));
    room.use(scripted([...pages, new Rejected('Acme no longer has this list; choose another in the settings.')]));
    const run = await room.sync(integration);
    expect(run).toMatchObject({ status: 'failed', errorCode: 'VALIDATION_FAILED', pages: 3, seen: 30 });
    expect(run.message).toBe(
      'Acme no longer has this list; choose another in the settings. Stopped after 30 contacts; they are kept.',
    );
    expect(run.finishedAt).toBeInstanceOf(Date);
    expect(await room.checkpoint(integration)).toEqual({ value: { n: 3 }, complete: false });
  });

  it('names the plugin when the plugin is at fault', async () => {
    room.use(scripted([new TypeError('x is not a function')]));
    expect(await room.sync(integration)).toMatchObject({
      status: 'failed',
      errorCode: 'INTERNAL',
      message: 'Acme: x is not a function',
    });
    room.use(scripted([{ items: 'none' as unknown as Item[], checkpoint: {} }]));
    expect((await room.sync(integration)).message).toContain('yielded a page without items');
  });

  it('waits as long as the provider asks, and begins to count again after a page', async () => {
    let refusals = 12;
    room.use({
      title: 'Contacts',
      async *sync(_, from) {
        if (!from) yield { items: contacts(10), checkpoint: { done: 10 } };
        refusals -= 1;
        if (refusals >= 0) throw new TryLater('Acme is busy.', { code: 'RATE_LIMIT_EXCEEDED', afterSeconds: 7200 });
        yield { items: contacts(10, 10), checkpoint: { done: 20 } };
      },
    });
    const run = await room.sync(integration);
    expect(run).toMatchObject({ status: 'queued', message: 'Acme is busy.', errorCode: 'RATE_LIMIT_EXCEEDED', seen: 10 });
    const [due] = await room.sql.query<{ seconds: number }>(
      'select extract(epoch from run_after - now())::float as seconds from sync_runs where id = $1',
      [run.id],
    );
    expect(due?.seconds).toBeGreaterThan(7140);
    expect(due?.seconds).toBeLessThanOrEqual(7260);
    const [job] = await room.sql.query(
      `select priority from pgboss.job where data->>'runId' = $1 order by start_after desc limit 1`,
      [run.id],
    );
    expect(job).toEqual({ priority: 20 });
    // Too early: nothing is called.
    await room.execute(run);
    expect(refusals).toBe(11);
    for (let attempt = 0; attempt < 20 && (await room.again(run)).status === 'queued'; attempt += 1) {
      await room.age(run);
      await room.execute(run);
    }
    expect(await room.again(run)).toMatchObject({ status: 'failed', errorCode: 'RATE_LIMIT_EXCEEDED' });
    expect(refusals).toBe(1);
  });

  it('uses up no attempt by calls that were held back, and goes on soon after the outage they were held back for', async () => {
    let out = true;
    room.use({
      title: 'Contacts',
      async *sync() {
        if (out) throw new HeldBack('Acme failed 10 times in a row; it is left alone for 10 s.', { afterSeconds: 10 });
        yield { items: contacts(3), checkpoint: { done: true } };
      },
    });
    const run = await room.sync(integration);
    for (let attempt = 0; attempt < 15; attempt += 1) {
      await room.age(run);
      await room.execute(run);
    }
    expect(await room.again(run)).toMatchObject({
      status: 'queued',
      attempts: 0,
      message: expect.stringContaining('left alone'),
    });
    const waits = async () => {
      const [row] = await room.sql.query<{ seconds: number }>(
        'select extract(epoch from run_after - now())::float as seconds from sync_runs where id = $1',
        [run.id],
      );
      return row?.seconds ?? 0;
    };
    await room.sql.query(`update sync_runs set run_after = now() + interval '10 minutes' where id = $1`, [run.id]);
    expect(await room.syncs.resume({ pluginId: 'another' })).toBe(0);
    expect(await room.syncs.resume({ pluginId: 'acme' })).toBe(1);
    expect(await waits()).toBeLessThanOrEqual(15);
    await room.sql.query(`update sync_runs set run_after = now() + interval '10 minutes' where id = $1`, [run.id]);
    const { id, storeId, pluginId } = integration;
    expect(await room.syncs.resume({ pluginId, only: { id, storeId: run.id } })).toBe(0);
    expect(await room.syncs.resume({ pluginId, only: { id, storeId } })).toBe(1);
    expect(await waits()).toBeLessThanOrEqual(0);
    out = false;
    await room.age(run);
    await room.execute(run);
    expect(await room.again(run)).toMatchObject({ status: 'succeeded', seen: 3 });
  });

  it('fails and flags the integration when the credential no longer holds', async () => {
    room.use(
      scripted([{ items: contacts(5), checkpoint: { n: 1 } }, new ReconnectNeeded('Acme ended the connection; reconnect.')]),
    );
    expect(await room.sync(integration)).toMatchObject({ status: 'failed', errorCode: 'RECONNECT_NEEDED' });
    expect(await room.store.get(room.storeId, integration.id)).toMatchObject({ status: 'error', reasonCode: 'RECONNECT_NEEDED' });
    const current = await room.store.get(room.storeId, integration.id);
    await expect(room.syncs.request({ integration: current, trigger: 'manual' })).rejects.toMatchObject({
      code: 'INTEGRATION_NOT_ACTIVE',
      message: expect.stringContaining('Acme ended'),
    });
  });

  it('gives up a page that never comes', async () => {
    room.use(paged(contacts(10), 'incremental', () => new Promise(() => undefined)));
    const run = await room.ask(integration);
    await room.execute(run, { pageMs: 50 });
    expect(await room.again(run)).toMatchObject({
      status: 'queued',
      message: expect.stringContaining('The plugin Acme did not finish `sync of contacts`'),
    });
  });

  it('stops writing once the integration is disconnected', async () => {
    room.use(
      paged(contacts(30), 'incremental', async (page) => {
        if (page === 1) await room.store.setStatus(room.storeId, integration.id, { status: 'disconnected' });
      }),
    );
    expect(await room.sync(integration)).toMatchObject({ status: 'failed', errorCode: 'INTEGRATION_NOT_ACTIVE', pages: 1 });
    expect(await room.recordIds(integration)).toHaveLength(10);
  });

  it('fails for a stream the plugin no longer has', async () => {
    room.use(paged(contacts(10)));
    const run = await room.ask(integration);
    room.state.streams = { calendars: paged([]) };
    await room.execute(run);
    expect(await room.again(run)).toMatchObject({ status: 'failed', errorCode: 'NOT_FOUND' });
  });
});

describe('cancelling', () => {
  it('ends a waiting run at once', async () => {
    room.use(paged(contacts(10)));
    const run = await room.ask(integration);
    expect(await room.syncs.cancel(room.storeId, run.id)).toMatchObject({ status: 'cancelled' });
    await room.execute(run);
    expect(await room.again(run)).toMatchObject({ status: 'cancelled', pages: 0 });
    await expect(room.syncs.cancel(room.storeId, run.id)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('ends a running one at its next page and keeps what it has', async () => {
    const all = contacts(40);
    let run: Run | undefined;
    room.use(
      paged(all, 'full', async (page) => {
        if (page === 2) expect(await room.syncs.cancel(room.storeId, run?.id ?? '')).toMatchObject({ status: 'running' });
      }),
    );
    run = await room.ask(integration);
    await room.execute(run);
    expect(await room.again(run)).toMatchObject({
      status: 'cancelled',
      pages: 3,
      deleted: 0,
      message: 'Cancelled after 30 contacts; they are kept.',
    });
    expect(await room.checkpoint(integration)).toEqual({ value: { done: 30 }, complete: false });
  });

  it('does not wait for a page that hangs', async () => {
    room.use(paged(contacts(10), 'incremental', () => new Promise(() => undefined)));
    const run = await room.ask(integration);
    const working = room.execute(run, { beatMs: 20 });
    await until(async () => (await room.again(run)).status === 'running', { what: 'the run' });
    await room.syncs.cancel(room.storeId, run.id);
    await working;
    expect(await room.again(run)).toMatchObject({ status: 'cancelled' });
  });

  it('is for the store that owns the run', async () => {
    room.use(paged(contacts(10)));
    const run = await room.ask(integration);
    const other = '01890000-0000-7000-8000-000000000000';
    await expect(room.syncs.cancel(other, run.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(room.syncs.run(other, run.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(room.syncs.run(room.storeId, 'nonsense')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await room.syncs.latest(other, integration.id, { limit: 10 })).toEqual([]);
  });
});

describe('a connection that ends while a run does', () => {
  it('is waited for, and finds the run where it can be stopped', async () => {
    room.use(paged(contacts(20), 'full'));
    const run = await room.ask(integration);
    const ended = await inTransaction(db.dataSource, async (sql) => {
      await lockIntegration(sql, integration);
      const working = room.execute(run);
      const waits =
        "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%integrations%for no key update%'";
      await until(async () => (await room.sql.query(waits)).length > 0, { what: 'the end of the run to wait' });
      await room.syncs.stop(integration, sql);
      return { working };
    });
    await ended.working;
    expect((await room.again(run)).seen).toBe(20);
  });
});

describe('a run that goes well', () => {
  it('says in words what it did, and leaves unchanged records untouched the second time', async () => {
    room.use(paged(contacts(25), 'full'));
    const first = await room.sync(integration, { requestedBy: 'owner@example.com' });
    expect(first).toMatchObject({
      status: 'succeeded',
      trigger: 'manual',
      mode: 'full',
      requestedBy: 'owner@example.com',
      pages: 3,
      seen: 25,
      written: 25,
      message: 'Synced 25 contacts (25 changed) from Blue Fitness.',
    });
    const versions = () =>
      room.sql.query('select external_id, xmin::text from records where integration_id = $1', [integration.id]);
    const before = await versions();
    const second = await room.sync(integration);
    expect(second).toMatchObject({ status: 'succeeded', written: 0, unchanged: 25 });
    expect(second.message).toBe('Synced 25 contacts (none changed) from Blue Fitness.');
    expect(await versions()).toEqual(before);
    const current = await room.store.get(room.storeId, integration.id);
    expect(current.counts).toMatchObject({ contacts: 25 });
    expect(current.lastSyncedAt).toBeInstanceOf(Date);
    expect(await room.sql.query('select 1 from sync_seen where store_id = $1', [room.storeId])).toEqual([]);
    expect((await room.syncs.latest(room.storeId, integration.id, { limit: 1 })).map(({ id }) => id)).toEqual([second.id]);
  });

  it('goes on from where the last one ended, unless everything is asked for', async () => {
    const seen: (Checkpoint | null)[] = [];
    room.use({
      title: 'Contacts',
      async *sync(_, from) {
        seen.push(from);
        yield { items: [contact(1)], checkpoint: { until: 7 } };
      },
    });
    await room.sync(integration);
    expect(await room.sync(integration)).toMatchObject({ status: 'succeeded', mode: 'incremental' });
    expect(await room.sync(integration, { trigger: 'repair' })).toMatchObject({ mode: 'full', status: 'succeeded' });
    expect(seen).toEqual([null, { until: 7 }, null]);
  });

  it('goes on where a failed incremental run stopped', async () => {
    const pages: Page[] = [{ items: contacts(10), checkpoint: { done: 10 } }];
    room.use(scripted([...pages, new Rejected('No.')]));
    await room.sync(integration);
    room.use(paged(contacts(30)));
    expect(await room.sync(integration)).toMatchObject({ status: 'succeeded', seen: 20, pages: 2 });
    expect(await room.recordIds(integration)).toHaveLength(30);
  });

  it('shows its progress page by page', async () => {
    const progress: number[] = [];
    let run: Run | undefined;
    room.use({
      title: 'Contacts',
      async *sync() {
        for (let at = 0; at < 3; at += 1) {
          progress.push((await room.again(run as Run)).seen);
          yield { items: contacts(10, at * 10), checkpoint: { at }, total: 30 };
        }
      },
    });
    run = await room.ask(integration);
    await room.execute(run);
    expect(progress).toEqual([0, 10, 20]);
    expect(await room.again(run)).toMatchObject({ total: 30 });
  });
});
