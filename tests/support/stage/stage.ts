import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { TOTP } from 'otpauth';
import { writePlugin } from '../hot-plugin.ts';
import { ADMIN, type Hub, startHub } from '../hub.ts';
import { addStoreOwner, post, signIn } from '../people.ts';
import { until } from '../wait.ts';
import { happen, type Sent, send } from './happenings.ts';

const STORE = '/api/stores/default/integrations';

/** Who looks at a page: `newcomer` owns a store where nothing has happened, `half-way` has given the password only. */
export const VIEWERS = ['stranger', 'half-way', 'newcomer', 'staff', 'owner', 'operator'] as const;
export type Viewer = (typeof VIEWERS)[number];
type Person = { readonly email: string; readonly password: string };

export interface Stage {
  readonly hub: Hub;
  /** Integrations by the plugin's id. */
  readonly integrations: ReadonlyMap<string, string>;
  /** Addresses that somebody was sent: each may be followed once. */
  readonly sent: Sent;
  readonly people: Readonly<Record<Exclude<Viewer, 'stranger'>, Person>>;
  close(): Promise<void>;
}

/** A hub where everything there is a page for has happened: all plugins, people of all roles, what went well and what did not. */
export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'stage-plugins-'));
  writePlugin(folder, 'acme-bookings', { name: 'Acme Bookings', top: 'This line is no program.' });
  const hub = await startHub({
    PLUGIN_DIRS: [join(import.meta.dirname, '../../../plugins'), folder].join(delimiter),
    CONNECT_RETURN_URLS: 'https://app.example.com/back',
    EGRESS_MAP: JSON.stringify({ 'hooks.example.com': 'http://127.0.0.1:9' }),
  });
  await hub.rows(`update stores set name = 'Blue Fitness' where slug = 'default'`);
  const people = await invitePeople(hub);
  const integrations = await connectAll(hub);
  await until(async () => (await atWork(hub)) === 0, { what: 'every first sync to end', withinMs: 120_000 });
  await happen(hub, people.owner);
  const sent = await send(hub, people.operator);
  const close = async () => {
    await hub.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { hub, integrations, sent, people, close };
}

async function invitePeople(hub: Hub): Promise<Stage['people']> {
  const owner = await addStoreOwner(hub, 'ana@example.com');
  const staff = await addStoreOwner(hub, 'ben@example.com');
  const proven = await addStoreOwner(hub, 'cleo@example.com');
  const newcomer = await addStoreOwner(hub, 'dora@example.com');
  const { body } = await hub.api('POST', '/api/admin/stores', { slug: 'harbour', name: 'Harbour Dental' });
  const change = (column: string, value: string, email: string) =>
    hub.rows(`update memberships set ${column} = $1 where user_id = (select id from users where email = $2)`, [value, email]);
  await change('role', 'staff', staff.email);
  await change('store_id', body.id, newcomer.email);
  const page = '/account/second-factor';
  await post(await signIn(hub, staff), page, page);
  const browser = await signIn(hub, proven);
  await post(browser, page, page);
  const secret = /<code[^>]*>([A-Z2-7 ]{16,})<\/code>/.exec((await browser.get(page)).text)?.[1] ?? '';
  await post(browser, page, page, { code: new TOTP({ secret: secret.replaceAll(' ', '') }).generate() });
  return { owner, staff, newcomer, operator: ADMIN, 'half-way': proven };
}

/** By keys, as the simulators' panels name them. */
async function connectAll(hub: Hub): Promise<Map<string, string>> {
  const { body } = await hub.api('GET', STORE);
  const connected = new Map<string, string>();
  for (const { id: plugin } of body.templates as { id: string }[]) {
    const panel = await hub.api('GET', `/sandbox/${plugin}`);
    if (panel.status !== 200) continue;
    const answer = await hub.api('POST', `${STORE}/${plugin}/connect`, { method: 'manual', fields: panel.body.credentials });
    if (answer.status !== 201) throw new Error(`${plugin}: ${answer.status} ${JSON.stringify(answer.body)}`);
    connected.set(plugin, answer.body.id);
  }
  return connected;
}

async function atWork(hub: Hub): Promise<number> {
  return (await hub.rows(`select 1 from sync_runs where status in ('queued', 'running')`)).length;
}
