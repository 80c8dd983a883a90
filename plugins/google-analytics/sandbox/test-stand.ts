import type { SandboxEnv, SandboxRequest } from 'patchbay';
import { DEMO_ACCESS_TOKEN, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, HOSTS } from './demo.ts';
import { Simulator } from './simulator.ts';

/** For tests: what a simulator keeps from one start to the next. */
export interface Shelf {
  state?: unknown;
}

/** For tests: a simulator that keeps its state in memory. */
export function simulator(given: { shelf?: Shelf; now?: () => Date } = {}): Simulator {
  const { shelf = {}, now = () => new Date() } = given;
  const env: SandboxEnv = {
    urlOf: (host) => host,
    deliver: async () => 200,
    ask: async () => ({ status: 404, body: '' }),
    load: () => shelf.state,
    save: (state) => {
      shelf.state = structuredClone(state);
    },
    now,
  };
  return new Simulator(env);
}

/** One call, with the demo's token unless said otherwise. */
export function ask(sim: Simulator, method: string, url: string, given: Partial<SandboxRequest> & { json?: object } = {}) {
  const { json, ...rest } = given;
  const { host, pathname, searchParams } = new URL(url);
  return sim.handle({
    method,
    host,
    path: pathname,
    query: searchParams,
    headers: { authorization: `Bearer ${DEMO_ACCESS_TOKEN}` },
    body: json ? JSON.stringify(json) : '',
    signal: new AbortController().signal,
    ...rest,
  });
}

/** One call of the token endpoint. */
export function askToken(sim: Simulator, form: Readonly<Record<string, string>>, path = '/token') {
  const body = new URLSearchParams({ client_id: DEMO_CLIENT_ID, client_secret: DEMO_CLIENT_SECRET, ...form }).toString();
  return ask(sim, 'POST', `https://${HOSTS.oauth}${path}`, { headers: {}, body });
}
