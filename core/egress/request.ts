import { PluginFault } from '../sdk/errors.ts';
import type { HttpOptions, QueryValue } from '../sdk/http.ts';
import { isDeclared } from './hosts.ts';
import { isFailure, type NetworkFailure, type RawReply } from './transport.ts';

export interface Destination {
  readonly plugin: string;
  readonly baseUrl: string;
  /** Declared besides the base URL's own; may begin with `*.`. */
  readonly hosts: readonly string[];
}

/** The base URL of an account that is not known yet. */
export const ACCOUNT_UNKNOWN = 'https://account-unknown.invalid';

/**
 * The URL of a call: a path below `baseUrl`, or an absolute URL at a declared host.
 * @throws HubError `plugin-fault` naming what is wrong with it
 */
export function callUrl(destination: Destination, url: string, query: HttpOptions['query'] = {}): URL {
  const { plugin, baseUrl } = destination;
  const isWhole = /^[a-z][a-z\d+.-]*:\/\//i.test(url);
  if (!isWhole && baseUrl === ACCOUNT_UNKNOWN)
    throw new PluginFault(
      `${plugin} called ${url.split('?', 1)[0]} before its account was known, and baseUrl has variables: identify calls whole addresses (https://…).`,
    );
  const text = isWhole ? url : below(baseUrl, url);
  // A brace is legal in a URL; here it is a variable of the base URL that the account did not fill.
  if (!URL.canParse(text) || /[{}]/.test(baseUrl))
    throw new PluginFault(`${plugin} asked for an address that is no URL; check the path, and baseUrl with its variables.`);
  const target = new URL(text);
  assertDeclared(destination, target);
  const added = queryText(query);
  if (added) target.search = target.search ? `${target.search}&${added}` : added;
  target.hash = '';
  return target;
}

function below(baseUrl: string, path: string): string {
  const base = baseUrl.replace(/\/+$/, '');
  return path === '' || path.startsWith('?') ? `${base}${path}` : `${base}/${path.replace(/^\//, '')}`;
}

/** @throws HubError `plugin-fault` naming the host */
export function assertDeclared({ plugin, baseUrl, hosts }: Destination, target: URL): void {
  const own = URL.canParse(baseUrl) ? [new URL(baseUrl).host] : [];
  if (!isDeclared([...own, ...hosts], target)) {
    throw new PluginFault(`${plugin} may not call ${target.host}: its manifest declares it neither in baseUrl nor in hosts.`);
  }
  if (target.username || target.password) {
    throw new PluginFault(
      `${plugin} put a user name or password into the address at ${target.host}; credentials go into headers.`,
    );
  }
}

/** `a=1&tag=x&tag=y`; everything but the unreserved characters is percent-encoded, a space as `%20`. */
function queryText(query: Readonly<Record<string, QueryValue>>): string {
  const one = (name: string, value: string | number | boolean) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  return Object.entries(query)
    .flatMap(([name, value]) => (value === undefined ? [] : [value].flat().map((entry) => one(name, entry as string))))
    .join('&');
}

/** What a form says, in order; a list says its name again and again. */
export function formPairs(form: NonNullable<HttpOptions['form']>): [string, string][] {
  return Object.entries(form).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((one): [string, string] => [name, String(one)]),
  );
}

/** The body and the header that names its type. */
export function callBody(plugin: string, { json, form }: HttpOptions): { body?: string; headers: Record<string, string> } {
  if (json !== undefined && form !== undefined) throw new PluginFault(`${plugin} gave a call both a json and a form body.`);
  if (form !== undefined) {
    return {
      body: new URLSearchParams(formPairs(form)).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    };
  }
  if (json === undefined) return { headers: {} };
  return { body: JSON.stringify(json), headers: { 'content-type': 'application/json' } };
}

/** Header maps laid over each other without regard to case; the later one wins. */
export function mergeHeaders(...layers: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const pairs = layers.flatMap((layer) => Object.entries(layer)).map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(pairs);
}

/** The address with these parameters; what it had by their names gives way, whoever put it there. */
export function withQuery(url: URL, query: Readonly<Record<string, string>>): URL {
  const added = queryText(query);
  if (!added) return url;
  const target = new URL(url);
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && ![...new URLSearchParams(pair).keys()].some((name) => Object.hasOwn(query, name)));
  target.search = [...kept, added].join('&');
  return target;
}

/** Where an answer sends the caller on to; `undefined` for any other answer. */
export function redirectTarget(outcome: RawReply | NetworkFailure, from: URL): URL | undefined {
  if (isFailure(outcome) || ![301, 302, 303, 307, 308].includes(outcome.status)) return undefined;
  const location = outcome.headers['location'];
  return location && URL.canParse(location, from) ? new URL(location, from) : undefined;
}

/** Sent with every request; what remains when a redirect leaves the host. */
export const COMMON_HEADERS = { accept: 'application/json', 'user-agent': 'patchbay' } as const;
