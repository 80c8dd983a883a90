import type { Effect, Item } from 'patchbay';
import { type Bench, handlingOf, openBench, recordsIn } from 'patchbay/testing';
import plugin from './index.ts';
import type { Config } from './manifest.ts';
import { DEMO_APP_ID, DEMO_APP_SECRET, DEMO_VERIFY_TOKEN, NORA, REPORTS } from './sandbox/demo.ts';
import type { Simulator } from './sandbox/simulator.ts';
import sandbox from './sandbox.ts';

export type { Seen } from 'patchbay/testing';
export type Rig = Bench<Config, Simulator>;

export const { handlers, run, act } = handlingOf<Config>(plugin);
export const appKeys = {
  app: { clientId: DEMO_APP_ID, clientSecret: DEMO_APP_SECRET, verifyToken: DEMO_VERIFY_TOKEN },
  integration: {},
};

/** For tests: the plugin beside its simulator, connected by OAuth unless a context says otherwise. */
export function newRig(): Rig {
  const account = {
    oauth: { externalId: NORA.id, label: NORA.name },
    manual: { externalId: REPORTS.accounts[0] ?? '', label: 'Blue Fitness' },
  };
  return openBench<Config, Simulator>(plugin, sandbox, { account, method: 'oauth' });
}

/** The first record an action or event changes. */
export function recordIn(effects: readonly Effect[] | undefined): Item | undefined {
  return recordsIn(effects)[0];
}

/** Paths asked for so far, without the version. */
export function paths(rig: Rig): string[] {
  return rig.seen.map(({ req }) => `${req.method} ${req.path.replace('/v26.0', '')}`);
}
