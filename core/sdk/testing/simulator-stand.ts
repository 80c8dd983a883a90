import type { SandboxEnv, SandboxInstance, SandboxRequest, SandboxResponse } from '../index.ts';

/** What a simulator may be given besides an empty shelf and a hub that takes everything. */
export interface StandOptions extends Partial<Pick<SandboxEnv, 'deliver' | 'ask' | 'now'>> {
  /** What another stand kept: the simulator starts again. */
  readonly saved?: unknown;
}

/** A simulator by itself: no plugin, no hub. */
export interface Stand<Sim extends SandboxInstance> {
  readonly sim: Sim;
  /** What it last saved, gone through JSON. */
  readonly saved: unknown;
  /** What its clock says; runs with the real one until it is set. */
  now: Date;
  /** What the hub answers to webhooks; 200 at first. */
  status: number;
  readonly delivered: readonly {
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }[];
}

/** Opens a simulator for tests of its own: `openStand((env) => new Simulator(env))`. */
export function openStand<Sim extends SandboxInstance>(create: (env: SandboxEnv) => Sim, options: StandOptions = {}): Stand<Sim> {
  const delivered: { path: string; headers: Readonly<Record<string, string>>; body: string }[] = [];
  let saved: unknown = options.saved;
  let set: Date | undefined;
  const now = () => set ?? options.now?.() ?? new Date();
  const env: SandboxEnv = {
    urlOf: (host) => `http://127.0.0.1:3000/sandbox/plugin/api/${host}`,
    ask: options.ask ?? (async () => ({ status: 0, body: '' })),
    async deliver(path, headers, body) {
      delivered.push({ path, headers, body: Buffer.from(body).toString() });
      return options.deliver ? options.deliver(path, headers, body) : stand.status;
    },
    load: () => structuredClone(saved),
    save: (state) => {
      saved = JSON.parse(JSON.stringify(state));
    },
    now,
  };
  const stand: { -readonly [K in keyof Stand<Sim>]: Stand<Sim>[K] } = {
    status: 200,
    delivered,
    get saved() {
      return saved;
    },
    get now() {
      return now();
    },
    set now(value) {
      set = value;
    },
    // Made last: it may send and save at once.
    sim: undefined as unknown as Sim,
  };
  stand.sim = create(env);
  return stand;
}

/** One of `json`, `form` and `body`; the host and path are those of the URL unless named. */
export interface RequestOptions extends Partial<SandboxRequest> {
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>> | URLSearchParams;
}

/** A call as a client would send it: `requestOf('POST', 'https://api.acme.example/v1/customers?limit=2', { json: {} })`. */
export function requestOf(
  method: string,
  url: string,
  { json, form, headers = {}, ...given }: RequestOptions = {},
): SandboxRequest {
  const { host, pathname, searchParams } = new URL(url);
  const type = json === undefined ? form && 'application/x-www-form-urlencoded' : 'application/json';
  const body = json === undefined ? (form ? new URLSearchParams(form).toString() : '') : JSON.stringify(json);
  return {
    method,
    host,
    path: pathname,
    query: searchParams,
    body,
    signal: new AbortController().signal,
    ...given,
    headers: { ...(type && { 'content-type': type }), ...headers },
  };
}

/** The parameters with which a consent page sent the browser back. */
export function sentBack({ headers }: SandboxResponse): URLSearchParams {
  const location = headers?.['location'];
  if (!location) throw new Error('Nobody was sent anywhere.');
  return new URL(location).searchParams;
}
