import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { removePlugin, writePlugin } from './support/hot-plugin.ts';
import { ADMIN, type Hub, startHub } from './support/hub.ts';
import { type Browser, post, signIn } from './support/people.ts';
import { until } from './support/wait.ts';

const TEMPLATE = '/api/admin/integration-templates/hot';
const PAGE = '/admin/plugins/hot';
let dir: string;
let hub: Hub;
let operator: Browser;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'admin-hot-'));
  writePlugin(dir, 'hot');
  hub = await startHub({ PLUGIN_DIRS: dir, SANDBOX: '0' });
  operator = await signIn(hub, ADMIN);
});
afterAll(async () => {
  await hub?.close();
  rmSync(dir, { recursive: true, force: true });
});

const template = async () => (await hub.api('GET', TEMPLATE)).body;
const page = async () => (await operator.get(PAGE)).text;
const becomes = (
  what: string,
  holds: (now: { name: string; error: string | null; state: string; generation: number }) => boolean,
) => until(async () => holds(await template()), { what });

describe('an operator watching a plugin folder', () => {
  it('keeps what is written over a card through reloads', async () => {
    await hub.api('PATCH', TEMPLATE, { name: 'Ours' });
    writePlugin(dir, 'hot', { name: 'Hot 2', answer: 'two' });
    await becomes('a second generation', ({ generation }) => generation >= 2);
    expect(await template()).toMatchObject({ name: 'Ours', own: { name: 'Hot 2' } });
    await hub.api('PATCH', TEMPLATE, { name: null });
    expect(await template()).toMatchObject({ name: 'Hot 2' });
  });

  it('reads the grade and each rule that is broken, with the way to its words', async () => {
    await until(async () => (await template()).grade !== null, { what: 'the grade' });
    const { grade, findings } = await template();
    expect([grade, findings.length > 0]).toEqual(['none', true]);
    const html = await page();
    expect(html).toContain('Below bronze');
    const [{ rule }] = findings;
    expect(html).toMatch(new RegExp(`href="/admin/checker-rules#${rule.toLowerCase()}">${rule}<`));
    expect((await operator.get('/admin/checker-rules')).text).toContain(`id="${rule.toLowerCase()}"`);
  });

  it('puts an older generation back, and the folder’s own again', async () => {
    const { hash, generations } = await template();
    const older = generations.find((one: { hash: string }) => one.hash !== hash).hash;
    expect(await page()).toContain(`Put back generation ${older.slice(0, 12)}`);
    const answer = await post(operator, PAGE, `${PAGE}/put-back`, { hash: older });
    expect([answer.status, answer.headers['location']]).toEqual([303, PAGE]);
    expect(await template()).toMatchObject({ hash: older, putBack: older, name: 'Hot' });
    expect(await page()).toContain('An older generation was put back.');
    await post(operator, PAGE, `${PAGE}/put-back`);
    expect(await template()).toMatchObject({ hash, putBack: null, name: 'Hot 2' });
    const audited = await hub.rows("select target, detail from audit_entries where action = 'plugin.put-back' order by id");
    expect(audited).toEqual([
      { target: 'hot', detail: { hash: older } },
      { target: 'hot', detail: { hash: null } },
    ]);
  });

  it('is told of a generation that is not kept', async () => {
    const answer = await post(operator, PAGE, `${PAGE}/put-back`, { hash: 'f'.repeat(64) });
    expect(answer.status).toBe(303);
    expect(await page()).toContain('notice-bad');
  });

  it('reads file and line of a change that was refused', async () => {
    writeFileSync(join(dir, 'hot', 'answer.ts'), 'export const ANSWER = await 1;\n');
    await becomes('the change to be refused', ({ error }) => error !== null);
    const html = await page();
    expect(html).toContain('Change refused');
    expect(html).toMatch(/hot\/answer\.ts:1: <code>await<\/code> is not possible/);
    expect((await operator.get('/admin')).text).toMatch(/hot\/answer\.ts:1: <code>await/);
    expect((await operator.get('/admin/plugins')).text).toMatch(/class="admin-error".*hot\/answer\.ts:1/s);
  });

  it('removes the card once the folder is gone', async () => {
    expect((await hub.api('DELETE', TEMPLATE)).status).toBe(409);
    removePlugin(dir, 'hot');
    await becomes('the folder to be missed', ({ state }) => state === 'missing');
    expect(await page()).toContain('Folder gone');
    const answer = await post(operator, PAGE, `${PAGE}/remove`);
    expect(answer.headers['location']).toBe('/admin/plugins');
    expect((await hub.api('GET', TEMPLATE)).status).toBe(404);
  });

  it('makes a card that the plugin takes over when it comes', async () => {
    const card = { id: 'hot', name: 'Soon hot', summary: 'Wait for it.', category: 'CRM' };
    expect((await hub.api('POST', '/api/admin/integration-templates', card)).status).toBe(201);
    writePlugin(dir, 'hot');
    await becomes('the plugin in place of its card', ({ state }) => state === 'ready');
    expect(await template()).toMatchObject({ name: 'Hot', withoutCode: false, overrides: {} });
  });
});
