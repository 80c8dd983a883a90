import {
  type Handlers,
  type Http,
  type HttpOptions,
  hubError,
  NotFound,
  PluginFault,
  ReconnectNeeded,
  Rejected,
  type Reply,
  type SandboxInstance,
  type SandboxResponse,
  TryLater,
} from '../index.ts';
import { type Shower, shownBy } from './authorizing.ts';

/** What a simulated provider is asked; the answer is what it would send. */
export type Answer = (
  request: Parameters<SandboxInstance['handle']>[0],
  forward: SandboxInstance['handle'],
) => Promise<SandboxResponse>;

export interface SimulatedHttpOptions {
  /** Who calls, and how it shows it. */
  readonly shower: Shower;
  readonly handlers: Pick<Handlers, 'explain' | 'pace'>;
  readonly instance: SandboxInstance;
  readonly hosts: readonly string[];
  readonly vars: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Stands between plugin and simulator, to make the provider fail. */
  readonly answer?: Answer | undefined;
}

/** `Http` as the hub gives it, without a network: every call is a call of the simulator's `handle`. Nothing is retried. */
export function simulatedHttp(options: SimulatedHttpOptions): Http {
  const send = (method: string) => (url: string, call?: HttpOptions) => request(options, { method, url, call: call ?? {} });
  return {
    get: send('GET'),
    post: send('POST'),
    put: send('PUT'),
    patch: send('PATCH'),
    delete: send('DELETE'),
  } as Http;
}

interface Call {
  readonly method: string;
  readonly url: string;
  readonly call: HttpOptions;
}

async function request(options: SimulatedHttpOptions, { method, url, call }: Call): Promise<Reply> {
  options.signal.throwIfAborted();
  const target = address(options, url, call.query);
  const { token } = call;
  const shown = shownBy(options.shower, { host: target.host, path: target.pathname, token });
  for (const [name, value] of Object.entries(shown.query ?? {})) target.searchParams.set(name, value);
  const { body, type } = bodyOf(call);
  const headers = lowerCase({
    ...lowerCase(options.shower.manifest.headers ?? {}),
    ...(type && { 'content-type': type }),
    ...lowerCase(shown.headers ?? {}),
    ...call.headers,
  });
  const forward: SandboxInstance['handle'] = (req) => options.instance.handle(req);
  const { signal } = options;
  const asked = { method, host: target.host, path: target.pathname, query: target.searchParams, headers, body, signal };
  const response = await (options.answer ?? ((req) => forward(req)))(asked, forward);
  if (response.hangUp) throw new TryLater('The provider closed the connection.');
  const reply = toReply(response);
  checkPace(options.handlers.pace?.(reply));
  return settle(options.handlers, reply, { what: `${method} ${target.pathname}`, token });
}

function address({ shower: { manifest }, vars, hosts }: SimulatedHttpOptions, url: string, query: HttpOptions['query']): URL {
  const base = manifest.baseUrl.replaceAll(/\{(\w+)\}/g, (whole, name: string) => vars[name] ?? whole);
  const isWhole = /^https?:/.test(url);
  if (!isWhole && base.includes('{')) {
    throw new PluginFault(
      `${url} was called before the account was known, and baseUrl has variables: identify calls whole addresses.`,
    );
  }
  const target = new URL(isWhole ? url : `${base.replace(/\/$/, '')}/${url.replace(/^\//, '')}`);
  const [, own] = /^https:\/\/([^/{}]+)(?:\/|$)/.exec(base) ?? [];
  const declared = [...(own ? [own] : []), ...(manifest.hosts ?? [])];
  if (!declared.some((host) => matches(host, target.host))) {
    throw new PluginFault(`${target.host} is not declared in the manifest; add it to \`hosts\`.`);
  }
  if (!hosts.some((host) => matches(host, target.host))) throw new Error(`The simulator does not answer for ${target.host}.`);
  addAll(target.searchParams, query ?? {});
  return target;
}

function addAll(to: URLSearchParams, values: NonNullable<HttpOptions['query']>): void {
  for (const [name, value] of Object.entries(values)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) to.append(name, String(one));
  }
}

function matches(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}

function bodyOf({ json, form }: HttpOptions): { body: string; type?: string } {
  if (json !== undefined) return { body: JSON.stringify(json), type: 'application/json' };
  if (form === undefined) return { body: '' };
  const said = new URLSearchParams();
  addAll(said, form);
  return { body: said.toString(), type: 'application/x-www-form-urlencoded' };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Through JSON and back, as over a wire: no object is shared with the simulator. */
function toReply({ status, headers = {}, body }: SandboxResponse): Reply {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  return { status, headers: lowerCase(headers), data: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function checkPace(seconds: unknown): void {
  if (seconds === undefined || (typeof seconds === 'number' && seconds >= 0)) return;
  throw new Error(`pace() must return a number of seconds or undefined; it returned ${String(seconds)}.`);
}

interface Asked {
  readonly what: string;
  /** The call's own. */
  readonly token: string | undefined;
}

function settle({ explain }: Pick<Handlers, 'explain'>, reply: Reply, { what, token }: Asked): Reply {
  if (reply.status >= 200 && reply.status < 300) return reply;
  const explained = explain?.(reply);
  const known = hubError(explained);
  if (known) throw known;
  const { status } = reply;
  const answered = `${what} was answered with ${status}.`;
  if (explained === 'expired' || status === 401) {
    if (token === undefined) throw new ReconnectNeeded(answered);
    throw new Rejected(answered, { code: 'INVALID_CREDENTIALS' });
  }
  if (status === 404 || status === 410) throw new NotFound(answered);
  if (status === 429) throw new TryLater(answered, { code: 'RATE_LIMIT_EXCEEDED' });
  if (status >= 500) throw new TryLater(answered);
  throw new Rejected(answered);
}
