import { openStand, type RequestOptions, requestOf, type StandOptions } from 'patchbay/testing';
import { DEMO_ACCESS_TOKEN, DEMO_CLIENT_ID, DEMO_CLIENT_SECRET, HOSTS } from './demo.ts';
import { Simulator } from './simulator.ts';

/** For tests: a simulator that keeps its state in memory, and what it keeps. */
export function stand(given: StandOptions = {}) {
  return openStand((env) => new Simulator(env), given);
}

export function simulator(given: StandOptions = {}): Simulator {
  return stand(given).sim;
}

/** One call, with the demo's token unless said otherwise. */
export function ask(sim: Simulator, method: string, url: string, given: RequestOptions = {}) {
  return sim.handle(requestOf(method, url, { headers: { authorization: `Bearer ${DEMO_ACCESS_TOKEN}` }, ...given }));
}

/** One call of the token endpoint. */
export function askToken(sim: Simulator, form: Readonly<Record<string, string>>, path = '/token') {
  const whole = { client_id: DEMO_CLIENT_ID, client_secret: DEMO_CLIENT_SECRET, ...form };
  return ask(sim, 'POST', `https://${HOSTS.oauth}${path}`, { headers: {}, form: whole });
}
