import type { Egress, Secrets } from '../egress/client.ts';
import { secretParts } from '../egress/redact.ts';
import { ACCOUNT_UNKNOWN } from '../egress/request.ts';
import { showed } from '../egress/shown-lately.ts';
import type { Log } from '../log.ts';
import { during } from '../plugins/life.ts';
import type { RunnablePlugin } from '../plugins/registry.ts';
import { type Account, type Handlers, type Link, type Manifest, PluginFault, type Reply } from '../sdk/index.ts';
import { type AppFields, accessTo } from './access.ts';
import { guardedCall } from './guarded-call.ts';
import type { Method } from './integration-entity.ts';
import { LinkLog } from './link-log.ts';

const DEFAULT_RATE = { requests: 100, seconds: 60 };
const DEFAULT_CONCURRENT = 10;
const DEFAULT_TIMEOUT_MS = 60_000;
const MOST_LOGS = 1000;

export interface LinkFor {
  readonly plugin: RunnablePlugin;
  readonly method: Method;
  /** Whose rate budget the calls are taken from: {@link budgetKey}, or the store while the account is unknown. */
  readonly budget: string;
  /** Fill `{vars}` of the manifest's `baseUrl`. */
  readonly vars?: Readonly<Record<string, string>> | undefined;
  /** What opens the account, and once more after `refused` was turned down; without it calls go out bare. */
  readonly secrets?: ((refused?: Secrets) => Promise<Secrets>) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** For each call into the plugin; default 60 s. */
  readonly timeoutMs?: number | undefined;
  readonly priority?: 'interactive' | 'background' | undefined;
  /** Added to every log line. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

export interface OpenLink {
  readonly plugin: RunnablePlugin;
  readonly handlers: Handlers;
  readonly manifest: Manifest;
  readonly link: Link;
  /** Values that must not be in what the plugin logs or throws. */
  hide(secrets: Iterable<string>): void;
  /** Takes them out of words the plugin gives back. */
  mask(text: string): string;
  /**
   * Every call into the plugin goes through this. @see guardedCall
   * @param handler which one it is, for messages: `test`, `sync of contacts`
   */
  run<T>(fn: () => T | Promise<T>, handler?: string): Promise<T>;
}

/** Builds what a handler is given: guarded HTTP, a log without secrets, a signal that ends it. */
export class Links {
  readonly #egress: Egress;
  readonly #log: Log;
  readonly #appFields: AppFields;
  readonly #logs = new Map<string, Log>();

  constructor({ egress, log, appFields }: { egress: Egress; log: Log; appFields: AppFields }) {
    this.#egress = egress;
    this.#log = log;
    this.#appFields = appFields;
  }

  /** A child costs as much as ten lines, and events of one integration come by the thousand. */
  #logFor(fields: object): Log {
    const key = JSON.stringify(fields);
    const known = this.#logs.get(key);
    if (known) return known;
    if (this.#logs.size >= MOST_LOGS) this.#logs.clear();
    const log = this.#log.child(fields);
    this.#logs.set(key, log);
    return log;
  }

  open(options: LinkFor): OpenLink {
    const { plugin, method, secrets, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
    const { manifest, handlers } = plugin.plugin;
    const log = this.#logFor({ plugin: plugin.id, ...options.fields });
    const linkLog = new LinkLog(log);
    const hiding = hidingFrom(plugin.id, linkLog);
    const controller = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, controller.signal]) : controller.signal;
    const faultIn = (where: string) => (error: unknown) => plugin.life?.fault(error, where, true);
    const http = this.#egress.createHttp({
      plugin: plugin.id,
      name: manifest.name,
      never: manifest.whiteLabel?.never,
      ...whereTo(manifest, options.vars ?? {}),
      headers: manifest.headers ?? {},
      budget: { key: `${plugin.id}:${options.budget}`, concurrent: DEFAULT_CONCURRENT, ...(manifest.rate ?? DEFAULT_RATE) },
      signal,
      log,
      priority: options.priority ?? 'interactive',
      access: accessTo({ plugin, method, secrets, appFields: this.#appFields }),
      hide: hiding.lately,
      ...(handlers.explain && { explain: (reply) => handlers.explain?.(reply) }),
      ...(handlers.pace && { pace: paceOf(handlers, faultIn('pace')) }),
    });
    const abort = (reason: Error) => controller.abort(reason);
    return {
      plugin,
      manifest,
      handlers,
      link: { http, log: linkLog, signal, method },
      hide: hiding.always,
      mask: linkLog.mask,
      run: (fn, handler = 'a call') => {
        const call = { name: manifest.name, handler, log, signal, abort, timeoutMs, onFault: faultIn(handler) };
        return during(plugin, () => guardedCall({ ...call, mask: linkLog.mask }, fn));
      },
    };
  }
}

/** Hears of every secret its plugin is shown, or its calls carry. */
function hidingFrom(plugin: string, log: LinkLog) {
  const told = (secrets: Iterable<string>): Set<string> => {
    const all = [...secrets];
    showed(plugin, all);
    return secretParts(all);
  };
  return {
    always: (secrets: Iterable<string>) => log.hide(told(secrets)),
    lately: (secrets: Iterable<string>) => log.hideLately(told(secrets)),
  };
}

/** A plugin that cannot read its provider's usage figures does not lose the answer that held them. */
function paceOf(handlers: Handlers, onFault: (error: unknown) => void): (reply: Reply) => number | undefined {
  return (reply) => {
    try {
      const seconds = handlers.pace?.(reply);
      if (seconds === undefined) return undefined;
      if (typeof seconds !== 'number' || Number.isNaN(seconds)) throw new Error('pace() did not return a number of seconds');
      return seconds > 0 ? seconds : undefined;
    } catch (error) {
      onFault(error);
      return undefined;
    }
  };
}

/** Its account's, whichever store it is in; of keys that nobody proves the store's own, as anybody may claim an account by them. */
export function budgetKey(of: { plugin: RunnablePlugin; method: Method; storeId: string; account: Account }): string {
  const { plugin, method, storeId, account } = of;
  const { auth } = plugin.plugin.manifest;
  const isUnproven = method === 'manual' && auth.some((way) => way.method === 'manual' && way.unproven !== undefined);
  return isUnproven ? `${storeId}:${account.externalId}` : account.externalId;
}

/** The base URL for an account, and the hosts its calls may go to. */
export function whereTo(manifest: Manifest, vars: Readonly<Record<string, string>>): { baseUrl: string; hosts: string[] } {
  const hosts = [...(manifest.hosts ?? [])];
  const unknown = [...manifest.baseUrl.matchAll(/\{(\w+)\}/g)].some(([, name = '']) => vars[name] === undefined);
  // Before the account is known such a plugin calls absolute URLs; a relative one must lead nowhere.
  if (unknown) return { baseUrl: ACCOUNT_UNKNOWN, hosts: [...fixedHost(manifest), ...hosts] };
  const filled = manifest.baseUrl.replaceAll(/\{(\w+)\}/g, (_, name: string) => checkedVar(manifest, name, vars[name] ?? ''));
  if (!URL.canParse(filled)) throw new PluginFault(`${manifest.name}: the account's address "${filled}" is not a URL.`);
  return { baseUrl: filled, hosts: [new URL(filled).host, ...hosts] };
}

/** The host of a base URL whose variables stand in its path only: it is declared whoever the account is. */
function fixedHost({ baseUrl }: Manifest): string[] {
  const host = /^https:\/\/([^/{}]+)\//.exec(baseUrl)?.[1];
  return host === undefined ? [] : [host];
}

/** A value that could end the host part early would send the credential to a host of someone's choice. */
function checkedVar(manifest: Manifest, name: string, value: string): string {
  if (/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?(?::\d{1,5})?$/i.test(value)) return value;
  throw new PluginFault(`${manifest.name}: "${name}" of the account cannot be part of an address.`);
}
