import type { SandboxEnv, SandboxRequest } from 'patchbay';
import { BLUE_FITNESS, HOSTS } from './demo.ts';
import { Simulator } from './simulator.ts';

/** For tests: a simulator that keeps its state in memory. */
export function simulator(given: { deliver?: SandboxEnv['deliver']; now?: () => Date } = {}): Simulator {
  let saved: unknown;
  return new Simulator({
    urlOf: (host) => host,
    ask: async () => ({ status: 0, body: '' }),
    deliver: given.deliver ?? (async () => 200),
    load: () => saved,
    save: (state) => {
      saved = state;
    },
    now: given.now ?? (() => new Date()),
  });
}

/** Headers of a good call. */
export const good = { version: '2021-07-28', authorization: `Bearer ${BLUE_FITNESS.token}` };

/** One call of the simulated API. */
export function ask(sim: Simulator, method: string, path: string, given: Partial<SandboxRequest> & { json?: object } = {}) {
  const { json, ...rest } = given;
  const url = new URL(path, 'http://x');
  return sim.handle({
    method,
    host: HOSTS.api,
    path: url.pathname,
    query: url.searchParams,
    headers: good,
    body: json ? JSON.stringify(json) : '',
    signal: new AbortController().signal,
    ...rest,
  });
}
