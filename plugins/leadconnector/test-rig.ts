import type { Effect, Item } from 'patchbay';
import { type Bench, type CtxChanges, handlingOf, openBench, recordsIn } from 'patchbay/testing';
import plugin from './index.ts';
import type { Config, Context } from './manifest.ts';
import { BLUE_FITNESS, DEMO_WEBHOOK_PUBLIC_KEY } from './sandbox/demo.ts';
import type { Simulator } from './sandbox/simulator.ts';
import sandbox from './sandbox.ts';

export type { Seen } from 'patchbay/testing';
export type Rig = Omit<Bench<Config, Simulator>, 'ctx'> & {
  ctx(given?: CtxChanges<Config> & { readonly token?: string }): Context;
};

export const { handlers, run, act } = handlingOf<Config>(plugin);
export const appKeys = { app: { webhookPublicKey: DEMO_WEBHOOK_PUBLIC_KEY }, integration: {} };

/** For tests: the plugin beside its simulator. */
export function newRig(): Rig {
  const account = { externalId: BLUE_FITNESS.id, label: 'Blue Fitness', vars: { timezone: 'America/Chicago' } };
  const bench = openBench<Config, Simulator>(plugin, sandbox, { account });
  const { ctx } = bench;
  return Object.assign(bench, {
    ctx: ({ token = BLUE_FITNESS.token, ...given }: CtxChanges<Config> & { readonly token?: string } = {}) =>
      ctx({ credentials: { token }, ...given }),
  });
}

/** The first record an action or event changes. */
export function recordIn(effects: readonly Effect[] | undefined): Item | undefined {
  return recordsIn(effects)[0];
}
