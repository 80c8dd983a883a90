import type { Effect, Incoming, Item, Webhook } from 'patchbay';
import { type Rig as BaseRig, type Bench, handlingOf, openBench, recordsIn as recordsOf } from 'patchbay/testing';
import plugin from './index.ts';
import type { Config, Context } from './manifest.ts';
import { BLUE_FITNESS } from './sandbox/demo.ts';
import type { Simulator } from './sandbox/simulator.ts';
import sandbox from './sandbox.ts';

export { dataOf, incomingCall as incoming, type Seen } from 'patchbay/testing';

export const { handlers, run, act } = handlingOf<Config>(plugin);
export const webhook = handlers.webhook as Required<Webhook<Config>>;
export const [MEMBERS, PARTNERS] = BLUE_FITNESS.audiences.map(({ id }) => id) as [string, string];
export const URL_OF_HOOK = 'http://127.0.0.1:3000/webhooks/mailchimp/c/test-key';
export const MINUTE = 60_000;
export const DEMO_KEYS = { apiKey: BLUE_FITNESS.apiKey, serverPrefix: BLUE_FITNESS.dc };

export type Rig = Omit<Bench<Config, Simulator>, 'ctx'> & {
  readonly base: BaseRig;
  hooks(): Promise<Incoming[]>;
  ctx(config?: Partial<Config>): Context;
};

export interface Given {
  readonly method?: 'oauth' | 'manual';
  readonly credentials?: Readonly<Record<string, string>>;
}

/** For tests: the plugin beside its simulator, the first audience chosen. */
export function newRig({ method = 'manual', credentials = DEMO_KEYS }: Given = {}): Rig {
  const vars = { dc: BLUE_FITNESS.dc };
  const oauth = sandbox.demo?.oauth;
  const bench = openBench<Config, Simulator>(plugin, sandbox, {
    account: { externalId: BLUE_FITNESS.id, label: 'Blue Fitness', vars },
    config: { audienceId: MEMBERS },
    ways: method === 'oauth' && oauth ? { oauth } : { credentials },
  });
  const { ctx } = bench;
  return Object.assign(bench, {
    base: bench.rigFor(),
    ctx: (config: Partial<Config> = {}) => ctx({ vars, config }),
    async hooks() {
      // The simulator sends its webhooks one after the other, a moment after the change.
      await new Promise((resolve) => setImmediate(resolve));
      return bench.webhooks();
    },
  });
}

/** The records of one stream that an action or event changes. */
export function recordsIn(effects: readonly Effect[] | undefined, stream = 'members'): readonly Item[] {
  return recordsOf(effects, stream);
}
