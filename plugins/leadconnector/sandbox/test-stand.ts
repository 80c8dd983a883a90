import { openStand, type RequestOptions, requestOf, type StandOptions } from 'patchbay/testing';
import { BLUE_FITNESS, HOSTS } from './demo.ts';
import { Simulator } from './simulator.ts';

/** For tests: a simulator that keeps its state in memory. */
export function simulator(given: StandOptions = {}): Simulator {
  return openStand((env) => new Simulator(env), given).sim;
}

/** Headers of a good call. */
export const good = { version: '2021-07-28', authorization: `Bearer ${BLUE_FITNESS.token}` };

/** One call of the simulated API. */
export function ask(sim: Simulator, method: string, path: string, given: RequestOptions = {}) {
  return sim.handle(requestOf(method, `https://${HOSTS.api}${path}`, { headers: good, ...given }));
}
