import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxRequest } from 'patchbay';

/** One request of the specification, as extracted. */
export interface Official {
  readonly method: string;
  readonly path: string;
  readonly success: readonly number[];
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly query: Readonly<Record<string, { required: boolean; type: string }>>;
  readonly scopes: readonly string[];
  readonly body?: { contentType: string; required: readonly string[]; properties: Readonly<Record<string, string>> };
}

const file = join(import.meta.dirname, '__fixtures__', 'official-requests.json');
export const { requests } = JSON.parse(readFileSync(file, 'utf8')) as { requests: readonly Official[] };

/**
 * Where the specification is known to be wrong. The search document it links to makes page and cursor exclude each other
 * and adds filters and sorting; block slots take "either calendarId or assignedUserId", in the words of their own fields.
 */
const EXCEPTIONS: Readonly<Record<string, { optional: readonly string[]; added: readonly string[] }>> = {
  'POST /opportunities/search': {
    optional: ['query', 'page', 'searchAfter', 'additionalDetails'],
    added: ['filters', 'sort'],
  },
  'POST /calendars/events/block-slots': { optional: ['calendarId'], added: [] },
};

/** The request of the specification that this one is. */
export function officialOf(req: SandboxRequest): Official | undefined {
  const parts = req.path.split('/');
  const fits = ({ method, path }: Official) => {
    const wanted = path.split('/');
    return (
      method === req.method &&
      wanted.length === parts.length &&
      wanted.every((part, index) => part === parts[index] || (part.startsWith('{') && parts[index] !== ''))
    );
  };
  const fixed = requests.find((official) => official.method === req.method && official.path === req.path);
  return fixed ?? requests.find(fits);
}

/** Everything in which a request departs from the specification. */
export function departures(req: SandboxRequest): string[] {
  const official = officialOf(req);
  if (!official) return ['no such request'];
  const { optional, added } = EXCEPTIONS[`${official.method} ${official.path}`] ?? { optional: [], added: [] };
  const required = Object.entries(official.query).filter(([, { required }]) => required);
  return [
    ...Object.entries(official.headers).flatMap(([name, values]) =>
      values.includes(req.headers[name.toLowerCase()] ?? '') ? [] : [`header ${name} is ${req.headers[name.toLowerCase()]}`],
    ),
    ...required.filter(([name]) => !req.query.get(name)).map(([name]) => `${name} is missing`),
    ...[...req.query].flatMap(([name, value]) => queryFaults(official, name, value)),
    ...bodyFaults(official, req, { optional, added }),
  ];
}

function queryFaults(official: Official, name: string, value: string): string[] {
  const known = official.query[name];
  if (!known) return [`${name} is unknown`];
  return known.type === 'number' && Number.isNaN(Number(value)) ? [`${name} is not a number`] : [];
}

function bodyFaults(official: Official, req: SandboxRequest, known: (typeof EXCEPTIONS)[string]): string[] {
  if (!official.body) return req.body === '' ? [] : ['has a body'];
  if (req.headers['content-type'] !== official.body.contentType) return [`is ${req.headers['content-type']}`];
  const { required, properties } = official.body;
  const body = JSON.parse(req.body) as Record<string, unknown>;
  if (Object.keys(properties).length === 0) return [];
  const typeOf = (value: unknown) => (Array.isArray(value) ? 'array' : typeof value);
  return [
    ...required.filter((name) => body[name] === undefined && !known.optional.includes(name)).map((name) => `${name} is missing`),
    ...Object.keys(body)
      .filter((name) => !(name in properties) && !known.added.includes(name))
      .map((name) => `${name} is unknown`),
    ...Object.entries(body)
      .filter(([name, value]) => properties[name] && properties[name] !== typeOf(value))
      .map(([name]) => `${name} has the wrong type`),
  ];
}
