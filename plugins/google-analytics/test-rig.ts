import type { Plugin } from 'patchbay';
import { type Bench, type CtxChanges, handlingOf, openBench } from 'patchbay/testing';
import { actions } from './actions.ts';
import plugin from './index.ts';
import type { Config, Context } from './manifest.ts';
import { BLUE_FITNESS, OWNER } from './sandbox/demo.ts';
import type { Simulator } from './sandbox/simulator.ts';
import sandbox from './sandbox.ts';

export type { Seen } from 'patchbay/testing';
export { dataOf, recordsIn } from 'patchbay/testing';
export type Rig = Bench<Config, Simulator>;

/** The plugin with everything it can do, whatever the way of connecting. */
const whole = { ...plugin, handlers: { ...plugin.handlers, actions } } as unknown as Plugin;
export const { handlers, run, act } = handlingOf<Config>(whole);

/** The keys of the demo's website, as a store owner copies them. */
export const KEYS = {
  measurementId: BLUE_FITNESS.streams[0]?.measurementId ?? '',
  apiSecret: BLUE_FITNESS.streams[0]?.secrets[0] ?? '',
};

/** For tests: the plugin beside its simulator, signed in unless a context says otherwise. */
export function newRig(): Rig {
  const account = {
    oauth: { externalId: OWNER.sub, label: OWNER.email },
    manual: { externalId: KEYS.measurementId, label: KEYS.measurementId, vars: { measurementId: KEYS.measurementId } },
  };
  const bench = openBench<Config, Simulator>(whole, sandbox, { account, method: 'oauth' });
  const { ctx } = bench;
  return Object.assign(bench, {
    ctx: ({ config, ...given }: CtxChanges<Config> = {}): Context => {
      const chosen = given.method === 'manual' ? {} : { propertyId: BLUE_FITNESS.id };
      return ctx({ ...given, config: { ...chosen, ...config } });
    },
  });
}
