import { describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '../../tests/support/database.ts';
import { eachInSyncRoom, type SyncRoom } from '../../tests/support/sync-room.ts';
import { until } from '../../tests/support/wait.ts';
import { inTransaction } from '../database/transaction.ts';
import { HeldBack } from '../egress/held-back.ts';
import type { Integration } from '../integrations/integration-store.ts';
import { lockIntegration } from '../integrations/lock.ts';
import { type Checkpoint, type Item, type Page, ReconnectNeeded, Rejected, type Stream, TryLater } from '../sdk/index.ts';
import type { Run } from './syncs.ts';

let db: TestDatabase;
let room: SyncRoom;
let integration: Integration;

eachInSyncRoom(async (test) => {
  ({ room, db } = test);
  integration = await room.connect();
});

const contact = (n: number, name = `Contact ${n}`): Item => ({ id: `c${String(n).padStart(4, '0')}`, data: { name } });
const contacts = (count: number, from = 0): Item[] => Array.from({ length: count }, (_, at) => contact(from + at));

/** Pages of 10 in a fixed order; the checkpoint says how many are done. */
function paged(
  all: readonly Item[],
  mode: 'incremental' | 'full' = 'incremental',
  onPage?: (at: number) => void | Promise<void>,
): Stream {
  return {
    title: 'Contacts',
    mode,
    async *sync(_, from) {
      for (let at = Number(from?.['done'] ?? 0); at < all.length; at += 10) {
        await onPage?.(at / 10);
        yield { items: all.slice(at, at + 10), checkpoint: { done: Math.min(at + 10, all.length) } };
      }
    },
  };
}

/** A stream of ready pages, whatever it is asked for. */
function scripted(pages: readonly (Page | Error)[], mode: 'incremental' | 'full' = 'incremental'): Stream {
  return {
    title: 'Contacts',
    mode,
    async *sync() {
      for (const page of pages) {
        if (page instanceof Error) throw page;
        yield page;
      }
    },
  };
}

function use(stream: Stream): void {
  room.state.streams = { contacts: stream };
}

async function checkpoint(): Promise<{ value: Checkpoint; complete: boolean } | undefined> {
  const [row] = await room.sql.query<{ value: Checkpoint; complete: boolean }>(
    'select value, complete from checkpoints where store_id = $1 and integration_id = $2',
    [room.storeId, integration.id],
  );
  return row;
}

const hubRuns = () => new AbortController().signal;
const jobOf = (run: Run) => ({ storeId: run.storeId, runId: run.id });
const again = (run: Run) => room.syncs.run(run.storeId, run.id);
/** As if its heartbeat had been silent, or its time had come. */
const age = (run: Run) =>
  room.sql.query(`update sync_runs set heartbeat_at = now() - interval '1 hour', run_after = now() where id = $1`, [run.id]);
async function asked(more: Partial<Parameters<typeof room.syncs.request>[0]> = {}): Promise<Run> {
  const [run] = await room.syncs.request({ integration, stream: 'contacts', trigger: 'manual', ...more });
  return run as Run;
}

describe('a run that goes wrong', () => {
  it('goes on after its last page when its worker is killed midway', async () => {
    const fetched: number[] = [];
    const all = contacts(50);
    let hang = true;
    use(
      paged(all, 'full', async (page) => {
        fetched.push(page);
        if (page === 2 && hang) await new Promise(() => undefined);
      }),
    );
    const run = await asked();
    const killed = new AbortController();
    const dead = room.engine({ beatMs: 1_000_000 }).execute(jobOf(run), killed.signal);
    await until(async () => (await again(run)).pages === 2, { what: 'two pages' });
    await age(run);
    hang = false;
    await room.engine().execute(jobOf(run), hubRuns());
    expect(await again(run)).toMatchObject({ status: 'succeeded', seen: 50, written: 50, deleted: 0, pages: 5 });
    expect(fetched).toEqual([0, 1, 2, 2, 3, 4]);
    killed.abort();
    await dead;
    expect(await room.recordIds(integration)).toHaveLength(50);
  });

  it('lets nothing be written by a worker whose run was taken over', async () => {
    let release: () => void = () => undefined;
    let stall = true;
    use(
      paged(contacts(20), 'incremental', async (page) => {
        if (page === 1 && stall) await new Promise<void>((resolve) => (release = resolve));
      }),
    );
    const run = await asked();
    const stalled = room.engine({ beatMs: 1_000_000 }).execute(jobOf(run), hubRuns());
    await until(async () => (await again(run)).pages === 1, { what: 'the first page' });
    await age(run);
    stall = false;
    await room.engine().execute(jobOf(run), hubRuns());
    const ended = await again(run);
    release();
    await stalled;
    expect(await again(run)).toEqual(ended);
    expect(ended).toMatchObject({ status: 'succeeded', pages: 2, seen: 20 });
  });

  it('is put back at once when the hub stops, and asks for its job again', async () => {
    const hub = new AbortController();
    use(
      paged(contacts(30), 'incremental', async (page) => {
        if (page !== 1 || hub.signal.aborted) return;
        setTimeout(() => hub.abort(new Error('stop')), 5);
        await new Promise(() => undefined);
      }),
    );
    const run = await asked();
    await expect(room.engine().execute(jobOf(run), hub.signal)).rejects.toMatchObject({ afterSeconds: 0 });
    expect(await again(run)).toMatchObject({ status: 'queued', pages: 1, attempts: 0 });
    await room.engine().execute(jobOf(run), hubRuns());
    expect(await again(run)).toMatchObject({ status: 'succeeded', seen: 30 });
  });

  it('fails where the provider repeats a cursor, with the cursor at the last good page', async () => {
    use(
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
    expect(await checkpoint()).toEqual({ value: { at: 'b' }, complete: false });
    expect(await room.recordIds(integration)).toHaveLength(20);
  });

  it('fails where the cursor moves and the records do not', async () => {
    let served = 0;
    use({
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
    expect(await checkpoint()).toEqual({ value: { page: 1 }, complete: false });
  });

  it('fails with what the plugin said, and keeps the pages before', async () => {
    const pages = [1, 2, 3].map((n): Page => ({ items: contacts(10, n * 10), checkpoint: { n } }));
    use(scripted([...pages, new Rejected('Acme no longer has this list; choose another in the settings.')]));
    const run = await room.sync(integration);
    expect(run).toMatchObject({ status: 'failed', errorCode: 'VALIDATION_FAILED', pages: 3, seen: 30 });
    expect(run.message).toBe(
      'Acme no longer has this list; choose another in the settings. Stopped after 30 contacts; they are kept.',
    );
    expect(run.finishedAt).toBeInstanceOf(Date);
    expect(await checkpoint()).toEqual({ value: { n: 3 }, complete: false });
  });

  it('names the plugin when the plugin is at fault', async () => {
    use(scripted([new TypeError('x is not a function')]));
    expect(await room.sync(integration)).toMatchObject({
      status: 'failed',
      errorCode: 'INTERNAL',
      message: 'Acme: x is not a function',
    });
    use(scripted([{ items: 'none' as unknown as Item[], checkpoint: {} }]));
    expect((await room.sync(integration)).message).toContain('yielded a page without items');
  });

  it('waits as long as the provider asks, and begins to count again after a page', async () => {
    let refusals = 12;
    use({
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
    await room.engine().execute(jobOf(run), hubRuns());
    expect(refusals).toBe(11);
    for (let attempt = 0; attempt < 20 && (await again(run)).status === 'queued'; attempt += 1) {
      await age(run);
      await room.engine().execute(jobOf(run), hubRuns());
    }
    expect(await again(run)).toMatchObject({ status: 'failed', errorCode: 'RATE_LIMIT_EXCEEDED' });
    expect(refusals).toBe(1);
  });

  it('uses up no attempt by calls that were held back, and goes on soon after the outage they were held back for', async () => {
    let out = true;
    use({
      title: 'Contacts',
      async *sync() {
        if (out) throw new HeldBack('Acme failed 10 times in a row; it is left alone for 10 s.', { afterSeconds: 10 });
        yield { items: contacts(3), checkpoint: { done: true } };
      },
    });
    const run = await room.sync(integration);
    for (let attempt = 0; attempt < 15; attempt += 1) {
      await age(run);
      await room.engine().execute(jobOf(run), hubRuns());
    }
    expect(await again(run)).toMatchObject({ status: 'queued', attempts: 0, message: expect.stringContaining('left alone') });
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
    await age(run);
    await room.engine().execute(jobOf(run), hubRuns());
    expect(await again(run)).toMatchObject({ status: 'succeeded', seen: 3 });
  });

  it('fails and flags the integration when the credential no longer holds', async () => {
    use(scripted([{ items: contacts(5), checkpoint: { n: 1 } }, new ReconnectNeeded('Acme ended the connection; reconnect.')]));
    expect(await room.sync(integration)).toMatchObject({ status: 'failed', errorCode: 'RECONNECT_NEEDED' });
    expect(await room.store.get(room.storeId, integration.id)).toMatchObject({ status: 'error', reasonCode: 'RECONNECT_NEEDED' });
    const current = await room.store.get(room.storeId, integration.id);
    await expect(room.syncs.request({ integration: current, trigger: 'manual' })).rejects.toMatchObject({
      code: 'INTEGRATION_NOT_ACTIVE',
      message: expect.stringContaining('Acme ended'),
    });
  });

  it('gives up a page that never comes', async () => {
    use(paged(contacts(10), 'incremental', () => new Promise(() => undefined)));
    const run = await asked();
    await room.engine({ pageMs: 50 }).execute(jobOf(run), hubRuns());
    expect(await again(run)).toMatchObject({
      status: 'queued',
      message: expect.stringContaining('The plugin Acme did not finish `sync of contacts`'),
    });
  });

  it('stops writing once the integration is disconnected', async () => {
    use(
      paged(contacts(30), 'incremental', async (page) => {
        if (page === 1) await room.store.setStatus(room.storeId, integration.id, { status: 'disconnected' });
      }),
    );
    expect(await room.sync(integration)).toMatchObject({ status: 'failed', errorCode: 'INTEGRATION_NOT_ACTIVE', pages: 1 });
    expect(await room.recordIds(integration)).toHaveLength(10);
  });

  it('fails for a stream the plugin no longer has', async () => {
    use(paged(contacts(10)));
    const run = await asked();
    room.state.streams = { calendars: paged([]) };
    await room.engine().execute(jobOf(run), hubRuns());
    expect(await again(run)).toMatchObject({ status: 'failed', errorCode: 'NOT_FOUND' });
  });
});

describe('a page that was asked for before somebody wrote', () => {
  const write = async (...items: Item[]) =>
    inTransaction(db.dataSource, async (sql) => {
      const scope = { storeId: room.storeId, integrationId: integration.id, stream: 'contacts' };
      return room.records.savePage(sql, scope, { items, began: await room.records.now() });
    });
  const names = async () => {
    const scope = { storeId: room.storeId, integrationId: integration.id, stream: 'contacts' };
    const { records } = await room.records.list(scope, { limit: 100 });
    return new Map(records.map(({ id, data }) => [id, data['name']]));
  };
  const [first, , gone] = [contact(0), contact(1), contact(2)];

  it('leaves that alone, says how many, and the next page has the last word', async () => {
    await write(...contacts(20));
    use(
      paged(contacts(20), 'full', async (page) => {
        if (page === 0) await write({ ...first, data: { name: 'Written meanwhile' } }, { id: gone.id, deleted: true });
        if (page === 1)
          await room.sql.query("update records set data = data || '{\"n\": 1}', hash = '' where external_id > 'c0009'");
      }),
    );
    const run = await room.sync(integration);
    expect(run).toMatchObject({ status: 'succeeded', seen: 20, written: 10, unchanged: 8, older: 2, deleted: 0, failed: 0 });
    expect(run.message).toContain('2 contacts were left as they are: something newer was here.');
    const left = await names();
    expect([left.get(first.id), left.has(gone.id), left.size]).toEqual(['Written meanwhile', false, 19]);
  });

  it('leaves it alone on any page, whatever was on the pages before', async () => {
    use(
      paged(contacts(20), 'full', async (page) => {
        if (page === 0) await write(contact(10, 'Before it was asked for'));
        if (page === 1) await write(contact(11, 'Written meanwhile'));
      }),
    );
    expect(await room.sync(integration)).toMatchObject({ written: 19, older: 1 });
    const left = await names();
    expect([left.get('c0010'), left.get('c0011')]).toEqual(['Contact 10', 'Written meanwhile']);
  });

  it.each([
    [0, [0, 1, 2, 3]],
    [2, [2, 3]],
  ])('is read again by the next run, and what came behind it: page %i, in a run that stopped midway', async (at, again) => {
    let fetched: number[] = [];
    let [overtaken, stopped] = [false, false];
    use(
      paged(contacts(40), 'incremental', async (page) => {
        fetched.push(page);
        if (page === at && !overtaken) await write(contact(10 * at, 'Written meanwhile'));
        overtaken ||= page === at;
        if (page !== 3 || stopped) return;
        stopped = true;
        throw new TryLater('Later.');
      }),
    );
    const run = await room.sync(integration);
    await age(run);
    await room.engine().execute(jobOf(run), hubRuns());
    expect(fetched).toEqual([0, 1, 2, 3, 3]);
    expect((await names()).get(contact(10 * at).id)).toBe('Written meanwhile');
    fetched = [];
    expect(await room.sync(integration)).toMatchObject({ status: 'succeeded', written: 1, older: 0 });
    expect([fetched, (await names()).get(contact(10 * at).id)]).toEqual([again, `Contact ${10 * at}`]);
    fetched = [];
    expect(await room.sync(integration)).toMatchObject({ status: 'succeeded', seen: 0 });
    expect(fetched).toEqual([]);
  });

  it('does not bring back what a later run has found to be gone', async () => {
    await write(...contacts(20));
    const began = await room.records.now();
    use(paged(contacts(19), 'full'));
    expect(await room.sync(integration)).toMatchObject({ deleted: 1 });
    const scope = { storeId: room.storeId, integrationId: integration.id, stream: 'contacts' };
    expect(await room.records.savePage(room.sql, scope, { items: [contact(19)], began })).toMatchObject({ older: 1 });
    expect((await names()).has('c0019')).toBe(false);
  });
});

describe('cancelling', () => {
  it('ends a waiting run at once', async () => {
    use(paged(contacts(10)));
    const run = await asked();
    expect(await room.syncs.cancel(room.storeId, run.id)).toMatchObject({ status: 'cancelled' });
    await room.engine().execute(jobOf(run), hubRuns());
    expect(await again(run)).toMatchObject({ status: 'cancelled', pages: 0 });
    await expect(room.syncs.cancel(room.storeId, run.id)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('ends a running one at its next page and keeps what it has', async () => {
    const all = contacts(40);
    let run: Run | undefined;
    use(
      paged(all, 'full', async (page) => {
        if (page === 2) expect(await room.syncs.cancel(room.storeId, run?.id ?? '')).toMatchObject({ status: 'running' });
      }),
    );
    run = await asked();
    await room.engine().execute(jobOf(run), hubRuns());
    expect(await again(run)).toMatchObject({
      status: 'cancelled',
      pages: 3,
      deleted: 0,
      message: 'Cancelled after 30 contacts; they are kept.',
    });
    expect(await checkpoint()).toEqual({ value: { done: 30 }, complete: false });
  });

  it('does not wait for a page that hangs', async () => {
    use(paged(contacts(10), 'incremental', () => new Promise(() => undefined)));
    const run = await asked();
    const working = room.engine({ beatMs: 20 }).execute(jobOf(run), hubRuns());
    await until(async () => (await again(run)).status === 'running', { what: 'the run' });
    await room.syncs.cancel(room.storeId, run.id);
    await working;
    expect(await again(run)).toMatchObject({ status: 'cancelled' });
  });

  it('is for the store that owns the run', async () => {
    use(paged(contacts(10)));
    const run = await asked();
    const other = '01890000-0000-7000-8000-000000000000';
    await expect(room.syncs.cancel(other, run.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(room.syncs.run(other, run.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(room.syncs.run(room.storeId, 'nonsense')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await room.syncs.latest(other, integration.id, { limit: 10 })).toEqual([]);
  });
});

describe('records that fail', () => {
  it('are counted, kept with their reason, and the rest is synced', async () => {
    const items = [...contacts(97), { id: 'bad', data: { name: 'a\0b' } }, { id: '', data: {} }, null as unknown as Item];
    use(scripted([{ items, checkpoint: { n: 1 }, failed: [{ id: 'c999', reason: 'has no e-mail address' }] }]));
    const run = await room.sync(integration);
    expect(run).toMatchObject({ status: 'partial', seen: 101, written: 97, failed: 4 });
    expect(run.failures).toContainEqual({ id: 'c999', reason: 'has no e-mail address' });
    expect(run.failures).toContainEqual({ id: 'bad', reason: expect.stringContaining('NUL') });
    expect(run.message).toMatch(/^Synced 97 of 101 contacts from Blue Fitness; 4 failed: c999 \(has no e-mail address\), /);
    expect(await checkpoint()).toEqual({ value: { n: 1 }, complete: true });
  });

  it('are kept up to a hundred', async () => {
    const failed = (from: number) => Array.from({ length: 80 }, (_, at) => ({ id: `f${from + at}`, reason: 'broken' }));
    use(
      scripted([
        { items: contacts(1), checkpoint: { n: 1 }, failed: failed(0) },
        { items: contacts(1, 1), checkpoint: { n: 2 }, failed: failed(80) },
      ]),
    );
    const run = await room.sync(integration);
    expect(run).toMatchObject({ status: 'partial', failed: 160, seen: 162 });
    expect(run.failures).toHaveLength(100);
    expect(run.failures.at(-1)?.id).toBe('f99');
  });
});

describe('a connection that ends while a run does', () => {
  it('is waited for, and finds the run where it can be stopped', async () => {
    use(paged(contacts(20), 'full'));
    const run = await asked();
    const ended = await inTransaction(db.dataSource, async (sql) => {
      await lockIntegration(sql, integration);
      const working = room.engine().execute(jobOf(run), hubRuns());
      const waits =
        "select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%integrations%for no key update%'";
      await until(async () => (await room.sql.query(waits)).length > 0, { what: 'the end of the run to wait' });
      await room.syncs.stop(integration, sql);
      return { working };
    });
    await ended.working;
    expect((await again(run)).seen).toBe(20);
  });
});

describe('deletions', () => {
  it('are found by a full run and left alone where the stream does not cover them', async () => {
    use({ ...paged(contacts(40), 'full'), covers: (data) => data['name'] !== 'Contact 3' });
    await room.sync(integration);
    use({ ...paged(contacts(30, 5), 'full'), covers: (data) => data['name'] !== 'Contact 3' });
    const run = await room.sync(integration);
    expect(run).toMatchObject({ status: 'succeeded', deleted: 9, seen: 30 });
    expect(run.message).toBe('Synced 30 contacts (9 changed) from Blue Fitness; 31 contacts in all.');
    expect(await room.recordIds(integration)).toEqual(['c0003', ...contacts(30, 5).map(({ id }) => id)]);
  });

  it('are judged by the settings the run was read with, what the form fills in included', async () => {
    const settings: unknown[] = [];
    use({ ...paged(contacts(5), 'full'), covers: (_, __, config) => Boolean(settings.push(config)) });
    await room.sync(integration);
    use({ ...paged(contacts(4), 'full'), covers: (_, __, config) => Boolean(settings.push(config)) });
    expect(await room.sync(integration)).toMatchObject({ deleted: 1 });
    expect(settings).toEqual([expect.objectContaining({ list: 'main' })]);
  });

  it('stop when more than a third would go, and say so', async () => {
    use(paged(contacts(60), 'full'));
    await room.sync(integration);
    use(paged(contacts(39), 'full'));
    const run = await room.sync(integration);
    expect(run).toMatchObject({ status: 'partial', deleted: 0 });
    expect(run.message).toContain('Nothing was deleted: 21 of 60 contacts');
    expect(run.heldBack).toBe(21);
    expect(await room.recordIds(integration)).toHaveLength(60);
  });

  it('beyond a third are carried out by a run that was told so, and by no later one', async () => {
    use({ ...paged(contacts(60)), covers: () => true });
    await room.sync(integration);
    use(paged(contacts(30)));
    expect(await room.sync(integration, { allowDeletions: true })).toMatchObject({
      status: 'succeeded',
      mode: 'full',
      deleted: 30,
      heldBack: 0,
    });
    use(paged([], 'full'));
    expect(await room.sync(integration)).toMatchObject({ status: 'partial', deleted: 0, heldBack: 30, allowDeletions: false });
  });

  it('may take all of a few', async () => {
    use(paged(contacts(5), 'full'));
    await room.sync(integration);
    use(paged([], 'full'));
    expect(await room.sync(integration)).toMatchObject({ status: 'succeeded', deleted: 5 });
  });

  it('are found by an incremental run among what it read again, from where it began', async () => {
    const begins: unknown[] = [];
    const rereads = (items: Item[], done: number): Stream => ({
      ...scripted([{ items, checkpoint: { done } }]),
      covers: (data, _, __, from) => {
        begins.push(from);
        return Number(data['day']) >= Number(from?.['done'] ?? 0) - 2;
      },
    });
    const day = (n: number): Item => ({ id: `d${n}`, data: { day: n } });
    use(rereads([1, 2, 3, 4, 5].map(day), 5));
    expect(await room.sync(integration)).toMatchObject({ status: 'succeeded', deleted: 0 });
    use(rereads([3, 5, 6].map(day), 6));
    const run = await room.sync(integration);
    expect(run).toMatchObject({ status: 'succeeded', deleted: 1, seen: 3 });
    expect(await room.recordIds(integration)).toEqual(['d1', 'd2', 'd3', 'd5', 'd6']);
    expect(begins.at(-1)).toEqual({ done: 5 });
  });

  it('are judged by where a run began, also when another worker ends it', async () => {
    const began: unknown[] = [];
    use({ ...paged(contacts(20)), covers: () => true });
    await room.sync(integration);
    let hang = true;
    const second: Stream = {
      ...paged(contacts(40), 'incremental', async (page) => {
        if (page === 3 && hang) await new Promise(() => undefined);
      }),
      covers: (_, __, ___, from) => Boolean(began.push(from)) && false,
    };
    use(second);
    const run = await asked();
    const killed = new AbortController();
    const dead = room.engine({ beatMs: 1_000_000 }).execute(jobOf(run), killed.signal);
    await until(async () => (await again(run)).pages === 1, { what: 'a page' });
    await age(run);
    hang = false;
    await room.engine().execute(jobOf(run), hubRuns());
    expect(new Set(began.map((from) => JSON.stringify(from)))).toEqual(new Set(['{"done":20}']));
    killed.abort();
    await dead.catch(() => undefined);
  });

  it.each([
    ['fails', new Rejected('No.')],
    ['is partial', undefined],
  ])('do not happen when the run %s', async (_, error) => {
    use(paged(contacts(20), 'full'));
    await room.sync(integration);
    const first: Page = { items: contacts(15), checkpoint: { n: 1 }, failed: error ? [] : [{ id: 'x', reason: 'unreadable' }] };
    use(scripted(error ? [first, error] : [first], 'full'));
    expect(await room.sync(integration)).toMatchObject({ status: error ? 'failed' : 'partial', deleted: 0 });
    expect(await room.recordIds(integration)).toHaveLength(20);
  });
});

describe('a run that goes well', () => {
  it('says in words what it did, and leaves unchanged records untouched the second time', async () => {
    use(paged(contacts(25), 'full'));
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
    use({
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
    use(scripted([...pages, new Rejected('No.')]));
    await room.sync(integration);
    use(paged(contacts(30)));
    expect(await room.sync(integration)).toMatchObject({ status: 'succeeded', seen: 20, pages: 2 });
    expect(await room.recordIds(integration)).toHaveLength(30);
  });

  it('passes on what the provider withheld, each note once', async () => {
    const page = (n: number, notes: string[]): Page => ({ items: contacts(1, n), checkpoint: { n }, notes });
    use(scripted([page(1, ['Rows were withheld.']), page(2, ['Rows were withheld.', 'Sampled.']), page(3, [])]));
    const run = await room.sync(integration);
    expect(run.status).toBe('succeeded');
    expect(run.message).toBe('Synced 3 contacts (3 changed) from Blue Fitness. Rows were withheld. Sampled.');
  });

  it('shows its progress page by page', async () => {
    const progress: number[] = [];
    let run: Run | undefined;
    use({
      title: 'Contacts',
      async *sync() {
        for (let at = 0; at < 3; at += 1) {
          progress.push((await again(run as Run)).seen);
          yield { items: contacts(10, at * 10), checkpoint: { at }, total: 30 };
        }
      },
    });
    run = await asked();
    await room.engine().execute(jobOf(run), hubRuns());
    expect(progress).toEqual([0, 10, 20]);
    expect(await again(run)).toMatchObject({ total: 30 });
  });
});
