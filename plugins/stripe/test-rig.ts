import type { Account } from 'patchbay';
import { type Bench, type CtxChanges, handlingOf, incomingCall, openBench } from 'patchbay/testing';
import plugin from './index.ts';
import type { Config, Context } from './manifest.ts';
import { BLUE_TEST, DEMO_KEY } from './sandbox/demo.ts';
import type { Simulator } from './sandbox/simulator.ts';
import sandbox from './sandbox.ts';

export { dataOf, recordsIn, type Seen } from 'patchbay/testing';
export type Rig = Omit<Bench<Config, Simulator>, 'ctx'> & {
  ctx(given?: CtxChanges<Config> & { readonly key?: string }): Context;
};

export const { handlers, run, act } = handlingOf<Config>(plugin);

export const blueTest: Account = {
  externalId: `${BLUE_TEST.account}:test`,
  label: BLUE_TEST.name,
  vars: { accountId: BLUE_TEST.account },
  mode: 'test',
};

/** For tests: the plugin beside its simulator. */
export function newRig(): Rig {
  const bench = openBench<Config, Simulator>(plugin, sandbox, { account: blueTest });
  const { ctx } = bench;
  return Object.assign(bench, {
    ctx: ({ key = DEMO_KEY, ...given }: CtxChanges<Config> & { readonly key?: string } = {}) =>
      ctx({ credentials: { secretKey: key }, ...given }),
  });
}

export const incoming = (headers: Readonly<Record<string, string>>, body: Uint8Array | string) => incomingCall(body, headers);
