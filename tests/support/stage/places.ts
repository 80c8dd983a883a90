import { pages } from '../../../core/web/pages/routes.ts';
import type { Hub } from '../hub.ts';
import type { Stage, Viewer } from './stage.ts';

/** A page somebody may look at. */
export interface Place {
  /** As the table of routes has it. */
  readonly route: string;
  readonly path: string;
  readonly viewer: Viewer;
  /** Another place shows the same route to the same person with other data. */
  readonly again: boolean;
}

type Row = Readonly<Record<string, string>>;

/** What stands for the names in a route that begins so; the longest that fits is asked. */
const KNOWN: readonly (readonly [beginning: string, sql: string])[] = [
  [
    '/integrations/:plugin/:id/records/:stream',
    `select plugin_id as plugin, i.id, min(r.stream) as stream from integrations i join records r on r.integration_id = i.id
     group by 1, 2 order by plugin_id <> 'leadconnector', 1`,
  ],
  [
    '/integrations/:plugin/:id/runs/:run',
    `select distinct on (r.status) i.plugin_id as plugin, i.id, r.id as run from integrations i join sync_runs r on r.integration_id = i.id
     order by r.status, r.stream`,
  ],
  [
    '/integrations/:plugin/:id/events/:event',
    `select distinct on (e.state) i.plugin_id as plugin, i.id, e.id as event from integrations i join webhook_events e on e.integration_id = i.id
     order by e.state, e.seq`,
  ],
  [
    '/integrations/:plugin/:id',
    `select plugin_id as plugin, id from integrations order by plugin_id <> 'leadconnector', plugin_id`,
  ],
  ['/integrations/:plugin/:id/remove', `select plugin_id as plugin, id from integrations order by status <> 'disconnected'`],
  ['/integrations/:plugin', 'select plugin_id as plugin from integration_templates order by 1'],
  [
    '/integrations/:plugin/:id/first-sync',
    'select plugin_id as plugin, integration_id as id from set_ups where configured_at is not null',
  ],
  ['/sandbox/:plugin', 'select distinct plugin_id as plugin from integrations order by 1'],
  ['/admin/plugins/:id', 'select plugin_id as id from integration_templates order by 1'],
  ['/admin/bulk/:batch', 'select distinct batch from bulk_jobs where batch is not null'],
  [
    '/admin/events/unreadable/:integration/:row',
    'select integration_id as integration, id as row from webhook_spool where problem is not null',
  ],
  ['/admin/users/:id', `select id from users where email = 'ben@example.com'`],
  ['/notifications/webhooks/:webhook', 'select id as webhook from webhook_endpoints'],
  ['/privacy/deletions/:deletion', 'select id as deletion from store_deletions'],
  ['/privacy/exports/:export', 'select id as export from store_exports'],
];

/** Every page of the table of routes, so that a new one cannot be forgotten. What leads on elsewhere is among them. */
export async function placesOf(stage: Stage): Promise<Place[]> {
  const routes = pages.filter(({ on }) => on.startsWith('GET '));
  const places: Place[] = [];
  for (const { on, who } of routes) {
    const route = on.slice(4);
    const rows = await rowsFor(route, stage);
    const paths = rows.map((row) => route.replace(/:(\w+)/g, (_, name: string) => row[name] ?? unknown(route, name)));
    for (const viewer of viewersOf(route, who)) {
      const seen = viewer === 'staff' ? paths.slice(0, 1) : paths;
      places.push(...seen.map((path, at) => ({ route, path, viewer, again: at > 0 || viewer === 'staff' })));
    }
  }
  return places;
}

function viewersOf(route: string, who: 'anyone' | 'signed-in' | 'operator'): readonly Viewer[] {
  if (route === '/login/code') return ['half-way'];
  if (who === 'anyone') return ['stranger'];
  if (who === 'operator' || route.startsWith('/privacy/deletions/')) return ['operator'];
  if (route === '/integrations') return ['owner', 'staff', 'newcomer', 'operator'];
  return route.includes(':') ? ['owner', 'staff'] : ['owner', 'staff', 'newcomer'];
}

async function rowsFor(route: string, { hub, sent }: Stage): Promise<readonly Row[]> {
  if (!route.includes(':')) return [{}];
  const known: Readonly<Record<string, string>> = {
    '/connect/:token': sent.connect,
    '/invitations/:token': sent.invitation,
    '/reset/:token': sent.reset,
    '/notifications/stop/:store/:user/:proof': sent.stop,
  };
  const path = known[route];
  if (path !== undefined) {
    const names = [...route.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
    const values = path.split('/').slice(-names.length);
    return [Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']))];
  }
  if (route.includes('/actions/:action')) return actionsIn(hub);
  const [, sql] = KNOWN.filter(([beginning]) => `${route}/`.startsWith(`${beginning}/`)).toSorted(longest)[0] ?? [];
  return sql === undefined ? [] : hub.rows<Row>(sql);
}

const longest = ([one]: readonly [string, string], [other]: readonly [string, string]) => other.length - one.length;

/** Every form of every plugin that is connected. */
async function actionsIn(hub: Hub): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { plugin, id } of await hub.rows<{ plugin: string; id: string }>(
    `select plugin_id as plugin, id from integrations order by plugin_id <> 'leadconnector', plugin_id`,
  )) {
    const { body } = await hub.api('GET', `/api/stores/default/integrations/${id}/actions`);
    rows.push(...(body.actions as { name: string }[]).map(({ name }) => ({ plugin, id, action: name })));
  }
  return rows;
}

function unknown(route: string, name: string): never {
  throw new Error(`What stands for :${name} in ${route}? Say so in KNOWN, tests/support/stage/places.ts.`);
}
