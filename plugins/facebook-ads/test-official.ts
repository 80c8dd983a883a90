import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxRequest } from 'patchbay';

interface Param {
  readonly type: string;
  readonly values?: readonly string[];
  readonly required?: true;
}

/** One request of the specification, as extracted. */
export interface Official {
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, Param>>;
  /** What it answers with, whose fields may be asked for. */
  readonly node?: string;
}

interface Extract {
  readonly requests: readonly Official[];
  readonly nodes: Readonly<Record<string, readonly string[]>>;
}

const file = join(import.meta.dirname, '__fixtures__', 'official-requests.json');
const { requests: extracted, nodes } = JSON.parse(readFileSync(file, 'utf8')) as Extract;

/** In the guides, though not in the specification: what a token is, and where tokens come from. */
const texts = (...names: string[]) => Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
const GUIDES: readonly Official[] = [
  {
    method: 'GET',
    path: '/debug_token',
    params: { input_token: { type: 'string', required: true }, access_token: { type: 'string', required: true } },
  },
  {
    method: 'POST',
    path: '/oauth/access_token',
    params: texts('client_id', 'client_secret', 'redirect_uri', 'code', 'grant_type'),
  },
  {
    method: 'GET',
    path: '/oauth/access_token',
    params: texts('client_id', 'client_secret', 'redirect_uri', 'code', 'grant_type', 'fb_exchange_token'),
  },
];
export const requests: readonly Official[] = [...extracted, ...GUIDES];

/** Every list may be paged, every call proven, every node asked for fields; the specification does not repeat it. */
const EVERYWHERE = ['fields', 'limit', 'after', 'appsecret_proof'];
/** `filtering` is described in the guides on paging and on reading leads, for edges whose extract does not hold it. */
const FILTERED = ['GET /{act}/campaigns', 'GET /{form}/leads'];

/** What the simulator's ids stand for. */
const IDS: readonly (readonly [string, RegExp])[] = [
  ['{act}', /^act_\d+$/],
  ['{report}', /^61\d{14}$/],
  ['{campaign}', /^120[23]\d+$/],
  ['{adset}', /^2302\d+$/],
  ['{ad}', /^3402\d+$/],
  ['{page}', /^1100000000000\d\d$/],
  ['{form}', /^66\d{11}$/],
  ['{lead}', /^(88|89|99)\d+$/],
];

/** The request of the specification that this one is. */
export function officialOf(req: Pick<SandboxRequest, 'method' | 'path'>): Official | undefined {
  const [, version, ...parts] = req.path.split('/');
  if (version !== 'v26.0') return undefined;
  const named = parts.map((part) => IDS.find(([, id]) => id.test(part))?.[0] ?? part);
  return requests.find(({ method, path }) => method === req.method && path === `/${named.join('/')}`);
}

/** Everything in which a request departs from the specification. */
export function departures(req: Pick<SandboxRequest, 'method' | 'path' | 'query' | 'headers' | 'body'>): string[] {
  const official = officialOf(req);
  if (!official) return ['no such request'];
  const isForm = req.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  if (req.body !== '' && !isForm) return [`has a body of ${req.headers['content-type']}`];
  const given = [...req.query, ...new URLSearchParams(req.body)];
  const missing = Object.entries(official.params).filter(
    ([name, { required }]) => required && !given.some(([own]) => own === name),
  );
  return [
    ...missing.map(([name]) => `${name} is missing`),
    ...given.flatMap(([name, value]) => paramFaults(official, name, value)),
    ...fieldFaults(official, given.find(([name]) => name === 'fields')?.[1]),
    ...tokenFaults(req),
  ];
}

function paramFaults(official: Official, name: string, value: string): string[] {
  const known = official.params[name];
  if (!known) {
    const filtered = name === 'filtering' && FILTERED.includes(`${official.method} ${official.path}`);
    return EVERYWHERE.includes(name) || filtered ? [] : [`${name} is unknown`];
  }
  if (/^(unsigned )?int$/.test(known.type) && !/^\d+$/.test(value)) return [`${name} is no whole number`];
  if (/^map/.test(known.type) && typeof parsed(value) !== 'object') return [`${name} is no object`];
  return (known.values ? listOf(name, value) : [])
    .filter((one) => !known.values?.includes(one))
    .map((one) => `${name} cannot be ${one}`);
}

/** Lists are written as JSON, breakdowns and fields of subscriptions with commas. */
function listOf(name: string, value: string): string[] {
  const list = parsed(value);
  if (Array.isArray(list)) return list.map(String);
  return ['breakdowns', 'subscribed_fields'].includes(name) ? value.split(',') : [value];
}

function fieldFaults({ node }: Official, fields: string | undefined): string[] {
  const known = node ? nodes[node] : undefined;
  const names = (fields ?? '')
    .replaceAll(/\{[^{}]*\}/g, '')
    .split(',')
    .filter(Boolean);
  return names.filter((name) => !known?.includes(name)).map((name) => `${node ?? 'nothing'} has no field ${name}`);
}

/** The token is in the header and nowhere else; where it comes from, or is asked about, there is none. */
function tokenFaults({ path, query, headers }: Pick<SandboxRequest, 'path' | 'query' | 'headers'>): string[] {
  const own = /\/(debug_token|oauth\/access_token)$/.test(path);
  if (own) return headers['authorization'] ? ['has a token in its header'] : [];
  return [
    ...(/^Bearer EAA\w+$/.test(headers['authorization'] ?? '') ? [] : ['has no token in its header']),
    ...(query.has('access_token') ? ['has a token in its address'] : []),
  ];
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
