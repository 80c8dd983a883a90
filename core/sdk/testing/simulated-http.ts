import {
  type Handlers,
  type Http,
  type HttpOptions,
  hubError,
  type Manifest,
  NotFound,
  PluginFault,
  ReconnectNeeded,
  Rejected,
  type Reply,
  type SandboxInstance,
  type SandboxResponse,
  TryLater,
} from '../index.ts';

/** What a simulated provider is asked; the answer is what it would send. */
export type Answer = (
  request: Parameters<SandboxInstance['handle']>[0],
  forward: SandboxInstance['handle'],
) => Promise<SandboxResponse>;

export interface SimulatedHttpOptions {
  readonly manifest: Manifest;
  readonly handlers: Pick<Handlers, 'explain'>;
  readonly instance: SandboxInstance;
  readonly hosts: readonly string[];
  /** Headers with the credential. */
  readonly headers: Readonly<Record<string, string>>;
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
  const { body, type } = bodyOf(call);
  const headers = lowerCase({
    ...options.manifest.headers,
    ...options.headers,
    ...(type && { 'content-type': type }),
    ...call.headers,
  });
  const forward: SandboxInstance['handle'] = (req) => options.instance.handle(req);
  const { signal } = options;
  const asked = { method, host: target.host, path: target.pathname, query: target.searchParams, headers, body, signal };
  const response = await (options.answer ?? ((req) => forward(req)))(asked, forward);
  if (response.hangUp) throw new TryLater('The provider closed the connection.');
  return settle(options, toReply(response), `${method} ${target.pathname}`);
}

function address({ manifest, vars, hosts }: SimulatedHttpOptions, url: string, query: HttpOptions['query']): URL {
  const base = manifest.baseUrl.replaceAll(/\{(\w+)\}/g, (whole, name: string) => vars[name] ?? whole);
  const target = new URL(/^https?:/.test(url) ? url : `${base.replace(/\/$/, '')}/${url.replace(/^\//, '')}`);
  const declared = [new URL(base.replaceAll(/[{}]/g, '')).host, ...(manifest.hosts ?? [])];
  if (!declared.some((host) => matches(host, target.host))) {
    throw new PluginFault(`${target.host} is not declared in the manifest; add it to \`hosts\`.`);
  }
  if (!hosts.some((host) => matches(host, target.host))) throw new Error(`The simulator does not answer for ${target.host}.`);
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined) target.searchParams.append(name, String(one));
  }
  return target;
}

function matches(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}

function bodyOf({ json, form }: HttpOptions): { body: string; type?: string } {
  if (json !== undefined) return { body: JSON.stringify(json), type: 'application/json' };
  if (form !== undefined) return { body: new URLSearchParams(form).toString(), type: 'application/x-www-form-urlencoded' };
  return { body: '' };
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

function settle({ handlers }: SimulatedHttpOptions, reply: Reply, what: string): Reply {
  if (reply.status >= 200 && reply.status < 300) return reply;
  const explained = handlers.explain?.(reply);
  const known = hubError(explained);
  if (known) throw known;
  const { status } = reply;
  if (explained === 'expired' || status === 401) throw new ReconnectNeeded(`${what} was answered with ${status}.`);
  if (status === 404 || status === 410) throw new NotFound(`${what} was answered with ${status}.`);
  if (status === 429) throw new TryLater(`${what} was answered with 429.`, { code: 'RATE_LIMIT_EXCEEDED' });
  if (status >= 500) throw new TryLater(`${what} was answered with ${status}.`);
  throw new Rejected(`${what} was answered with ${status}.`);
}
