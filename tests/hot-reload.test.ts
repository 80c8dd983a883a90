import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deliverTo, removePlugin, writePlugin } from './support/hot-plugin.ts';
import { type Hub, startHub } from './support/hub.ts';
import { until } from './support/wait.ts';

const BROKEN = join(import.meta.dirname, '../core/plugins/__fixtures__/broken');
/** A folder in which nothing happens for 80 ms is looked at; half a plugin is reported after a second. */
const LONGER_THAN_QUIET_MS = 150;
const PATIENCE_MS = 1000;

let home: string;
let dir: string;
let hub: Hub;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'hot-'));
  // Not there when the hub starts.
  dir = join(home, 'later', 'plugins');
  hub = await startHub({ PLUGIN_DIRS: dir, SANDBOX: '0' });
});
afterAll(async () => {
  await hub?.close();
  rmSync(home, { recursive: true, force: true });
});

const deliver = (plugin: string) => deliverTo(hub.url, plugin);

async function answers(plugin: string, text: string): Promise<void> {
  await until(async () => (await deliver(plugin)).text === text, { what: `${plugin} to answer "${text}"` });
}

async function card(id: string) {
  const { body } = await hub.api('GET', '/api/stores/default/integrations');
  return (body.integrations ?? body.templates ?? body).find?.((one: { id?: string; type?: string; plugin?: string }) =>
    [one.id, one.type, one.plugin].includes(id),
  );
}

async function rowOf(id: string) {
  const [row] = await hub.rows<{
    state: string;
    error: string | null;
    content_hash: string;
    failures: string;
    last_error: string | null;
  }>('select * from integration_templates where plugin_id = $1', [id]);
  return row;
}

describe('a plugin folder of a running hub', () => {
  it('is live once it is there, card and webhook', async () => {
    expect((await deliver('hot')).status).toBe(404);
    writePlugin(dir, 'hot');
    await answers('hot', 'one');
    expect(await card('hot')).toBeDefined();
  });

  it('changes as a whole, and is never away or half there, while calls come in', async () => {
    const seen = new Map<string, number>();
    const stop = new AbortController();
    const load = (async () => {
      const flying: Promise<void>[] = [];
      while (!stop.signal.aborted) {
        flying.push(
          deliver('hot').then(({ status, text }) => {
            seen.set(`${status} ${text}`, (seen.get(`${status} ${text}`) ?? 0) + 1);
          }),
        );
        await sleep(5);
      }
      await Promise.all(flying);
    })();
    for (const version of ['two', 'three', 'four']) {
      // The answer and what the answer is checked with change in different files.
      writePlugin(dir, 'hot', { answer: version, name: `Hot ${version}` });
      await answers('hot', version);
    }
    stop.abort();
    await load;
    expect([...seen.keys()].sort()).toEqual(['200 four', '200 one', '200 three', '200 two']);
    await until(async () => (await card('hot'))?.name === 'Hot four', { what: 'the card to follow' });
  });

  it('goes on as it was when it is broken, and the card says where', async () => {
    writeFileSync(join(dir, 'hot', 'answer.ts'), 'export const ANSWER: string = ;\n');
    await until(async () => (await rowOf('hot'))?.error, { what: 'the card to say so' });
    expect(await rowOf('hot')).toMatchObject({ state: 'ready', error: expect.stringContaining('plugins/hot/answer.ts:1: ') });
    expect(await deliver('hot')).toEqual({ status: 200, text: 'four' });
    writeFileSync(join(dir, 'hot', 'answer.ts'), "export const ANSWER: string = 'five';\n");
    await answers('hot', 'five');
    await until(async () => (await rowOf('hot'))?.error === null, { what: 'the card to be mended' });
  });

  it('is seen when its icon changes, and not when an editor leaves something beside', async () => {
    const generation = async () => (await rowOf('hot'))?.content_hash;
    const before = await generation();
    for (const name of ['.index.ts.swp', 'index.ts~', '4913', '#index.ts#', 'x.tmp']) writeFileSync(join(dir, 'hot', name), 'x');
    // What came later was seen.
    writePlugin(dir, 'later', { answer: 'later' });
    await answers('later', 'later');
    expect(await generation()).toBe(before);
    const icon = join(dir, 'hot', 'icon.svg');
    writeFileSync(icon, readFileSync(icon, 'utf8').replace('width="8"', 'width="7"'));
    await until(async () => (await generation()) !== before, { what: 'the icon to be seen' });
  });

  it('may be slow to arrive: what is half there is waited for and not reported', async () => {
    const whole = join(home, 'whole');
    writePlugin(whole, 'slow', { answer: 'slow' });
    const files = ['index.ts', 'manifest.ts', 'sync.ts', 'webhook.ts', 'answer.ts', 'icon.svg'];
    expect(readdirSync(join(whole, 'slow')).sort()).toEqual([...files].sort());
    for (const file of files) {
      const since = performance.now();
      cpSync(join(whole, 'slow', file), join(dir, 'slow', file), { recursive: true });
      await sleep(LONGER_THAN_QUIET_MS);
      const error = (await rowOf('slow'))?.error ?? null;
      // Unless the machine was so slow that it looked like the end.
      if (performance.now() - since < PATIENCE_MS) expect(error).toBeNull();
    }
    await answers('slow', 'slow');
    expect(await rowOf('slow')).toMatchObject({ state: 'ready', error: null });
  });

  it('may be renamed, in its letters only as well', async () => {
    renameSync(join(dir, 'slow'), join(dir, 'Slow'));
    await until(async () => (await rowOf('slow'))?.state === 'missing', { what: 'the old name to go' });
    renameSync(join(dir, 'Slow'), join(dir, 'quick'));
    await answers('quick', 'slow');
  });

  it('may be a link, and what it links to is watched; a link out of it is refused with the reason', async () => {
    const elsewhere = join(home, 'elsewhere');
    writePlugin(elsewhere, 'linked', { answer: 'linked' });
    symlinkSync(join(elsewhere, 'linked'), join(dir, 'linked'));
    await answers('linked', 'linked');
    writePlugin(elsewhere, 'linked', { answer: 'linked two' });
    await answers('linked', 'linked two');
    symlinkSync('/etc', join(elsewhere, 'linked', 'etc'));
    await until(async () => (await rowOf('linked'))?.error, { what: 'the link to be refused' });
    expect((await rowOf('linked'))?.error).toContain("etc is a symbolic link out of the plugin's folder");
  });

  it('keeps its connections when it is deleted; events wait, garbage cannot fill the tray, and all is well when it is back', async () => {
    const made = await hub.api('POST', '/api/stores/default/integrations/hot/connect', {
      method: 'manual',
      fields: { key: 'k' },
    });
    expect(made.status).toBe(201);
    cpSync(join(dir, 'hot'), join(home, 'kept'), { recursive: true });
    removePlugin(dir, 'hot');
    await until(async () => (await rowOf('hot'))?.state === 'missing', { what: 'the plugin to go' });
    expect((await deliver('nobody')).status).toBe(404);
    expect((await deliver('hot')).status).toBe(200);
    const waiting = () => hub.rows("select state from webhook_events where plugin_id = 'hot' and state = 'unverified'");
    expect(await waiting()).toHaveLength(1);
    const garbage = (path: string, body: string) => fetch(`${hub.url}/webhooks/hot${path}`, { method: 'POST', body });
    expect((await garbage('/c/a-key-nobody-has', 'x')).status).toBe(404);
    expect((await garbage('', 'x')).status).toBe(200);
    expect((await garbage('', 'x')).status).toBe(200);
    expect(await waiting()).toHaveLength(2);
    const flood = await Promise.all(Array.from({ length: 160 }, (_, n) => garbage('', `garbage ${n}`)));
    // What is answered with 2xx is on disk, whatever it is worth; the rest is to be sent again.
    expect(flood.filter(({ status }) => status === 200)).toHaveLength((await waiting()).length - 2);
    expect(new Set(flood.map(({ status }) => status))).toEqual(new Set([200, 503]));
    expect((await waiting()).length).toBeLessThan(130);
    expect(await hub.rows("select status from integrations where plugin_id = 'hot'")).toEqual([{ status: 'active' }]);
    renameSync(join(home, 'kept'), join(dir, 'hot'));
    await answers('hot', 'five');
    await until(async () => (await waiting()).length === 0, { what: 'the waiting event to be checked' });
  });

  it('does not disturb its neighbours, however many arrive broken at once', async () => {
    const before = await deliver('hot');
    cpSync(BROKEN, dir, { recursive: true });
    const ids = readdirSync(BROKEN);
    let failed = 0;
    await until(
      async () => {
        expect(await deliver('hot')).toEqual(before);
        const [row] = await hub.rows<{ n: number }>(
          "select count(*)::int as n from integration_templates where state = 'failed' and plugin_id = any($1)",
          [ids],
        );
        failed = row?.n ?? 0;
        return failed >= ids.length - 1;
      },
      { what: 'all broken folders to be reported' },
    );
    expect(failed).toBe(ids.length - 1);
    for (const id of ids) removePlugin(dir, id);
    // The broken ones are gone, or missing where they had a card.
    await until(
      async () =>
        (await hub.rows("select 1 from integration_templates where state = 'failed' and plugin_id = any($1)", [ids])).length ===
        0,
      {
        what: 'their cards to go',
      },
    );
  });

  it('is one of fifty that arrive at once', async () => {
    const many = Array.from({ length: 50 }, (_, i) => `many-${i}`);
    for (const id of many) writePlugin(dir, id, { answer: id });
    await answers('many-49', 'many-49');
    for (const id of many) await answers(id, id);
    for (const id of many) removePlugin(dir, id);
  });
});
