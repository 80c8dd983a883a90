import { apiRoutes } from '../../../core/web/api/routes.ts';
import { pageRoutes } from '../../../core/web/pages/routes.ts';
import type { CanaryHub } from './canary-hub.ts';
import type { Browser } from './people-flows.ts';

export interface Found {
  /** `GET /integrations/:plugin` */
  readonly on: string;
  readonly status: number;
  /** Headers and body; cookies left out, which are meant for who asked. */
  readonly text: string;
}

/** SQL that gives what each name in an address may stand for. */
const THINGS: Readonly<Record<string, string>> = {
  store: `select 'default' as id`,
  plugin: `select 'leaky' as id union select 'spilling'`,
  integration: 'select id from integrations',
  id: 'select id from integrations union select id from users union select id from stores',
  stream: `select 'contacts' as id`,
  action: `select 'throws' as id`,
  name: `select 'lists' as id`,
  run: 'select id from sync_runs order by id desc',
  event: 'select id from webhook_events order by id desc',
  record: 'select distinct external_id as id from records',
  key: 'select id from api_keys',
  link: 'select id from connect_links order by id desc',
  webhook: 'select id from webhook_endpoints',
  export: 'select id from store_exports',
  user: 'select id from users',
  job: 'select id from bulk_jobs',
  delivery: 'select id from webhook_deliveries order by id desc',
  category: `select 'CRM' as id`,
  status: `select 'active' as id union select 'error'`,
  file: `select 'swagger-ui.css' as id`,
};
/** Whoever has such a link may see what it is for: it stands in the forms of its own page. */
const UNGUESSABLE = /:(?:token|proof)\b/;
/** Of each kind of thing, the latest. */
const MOST = 4;
/** Goes on for ever, or is looked at as what it is. */
const APART = /\/live$|\/archive$|\/oauth\/callback$/;

/** Asks for everything there is to read, with everything that is there, then follows the links of what it was shown. */
export async function crawl(room: CanaryHub, browsers: readonly Browser[]): Promise<Found[]> {
  const ids = await idsOf(room);
  const found: Found[] = [];
  for (const { on } of apiRoutes.filter((route) => isRead(route.on))) {
    for (const path of addressesOf(on, ids)) found.push(await ask(room, on, path));
  }
  for (const browser of browsers) found.push(...(await walk(browser, ids)));
  for (const path of ['/metrics', '/healthz', '/readyz', '/api/nothing', '/nothing', '/sandbox/leaky']) {
    found.push(await ask(room, `GET ${path}`, path, room.hub.config.metricsToken));
  }
  return found;
}

function isRead(on: string): boolean {
  return on.startsWith('GET ') && !UNGUESSABLE.test(on) && !APART.test(on);
}

async function ask({ hub }: CanaryHub, on: string, path: string, token?: string): Promise<Found> {
  const { status, headers, body } = await hub.api('GET', path, undefined, token ? { authorization: `Bearer ${token}` } : {});
  return { on, status, text: `${JSON.stringify([...headers])} ${typeof body === 'string' ? body : JSON.stringify(body)}` };
}

async function walk(browser: Browser, ids: Ids): Promise<Found[]> {
  const found = new Map<string, Found>();
  const routes: string[] = pageRoutes.map(({ on }) => on).filter(isRead);
  const todo = routes.flatMap((on) => addressesOf(on, ids).map((path) => ({ on, path })));
  for (const { on, path } of todo) {
    if (found.has(path) || APART.test(path.split('?')[0] ?? '')) continue;
    const { status, headers, text } = await browser
      .get(path)
      .redirects(0)
      .ok(() => true)
      .buffer(true);
    const { 'set-cookie': _, ...shown } = headers as Record<string, unknown>;
    found.set(path, { on, status, text: `${JSON.stringify(shown)} ${text}` });
    for (const [, next = ''] of (text ?? '').matchAll(/\bhref="(\/[^"#?]*)/g)) todo.push({ on: `link ${next}`, path: next });
  }
  return [...found.values()];
}

type Ids = Readonly<Record<string, readonly string[]>>;

async function idsOf({ hub }: CanaryHub): Promise<Ids> {
  const entries = Object.entries(THINGS).map(async ([name, sql]) => {
    const rows = await hub.rows<{ id: string }>(sql);
    return [name, rows.map(({ id }) => String(id)).slice(0, MOST)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** One for each thing a name may stand for, the other names by their first. */
function addressesOf(on: string, ids: Ids): string[] {
  const [, pattern = ''] = on.split(' ');
  const names = [...pattern.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  const fill = (name: string, id: string) =>
    pattern.replace(/:(\w+)/g, (_, one: string) => encodeURIComponent(one === name ? id : (ids[one]?.[0] ?? 'none')));
  if (names.length === 0) return [pattern];
  return [...new Set(names.flatMap((name) => (ids[name] ?? []).map((id) => fill(name, id))))];
}
