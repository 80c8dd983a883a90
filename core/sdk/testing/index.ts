import { afterAll, afterEach, describe, it } from '@jest/globals';
import type { Handlers, OAuth2, Plugin, Sandbox, Stream } from '../index.ts';
import { actionSuite } from './action-suite.ts';
import { cardSuite } from './card-suite.ts';
import { connectSuite } from './connect-suite.ts';
import { loaderSuite } from './loader-suite.ts';
import { type Open, openRig, type Rig, type RigOptions, wayFor, waysOf } from './rig.ts';
import { syncable } from './runs.ts';
import { streamSuite } from './stream-suite.ts';
import { tokenSuite } from './token-suite.ts';
import { type WebhookTrigger, webhookSuite } from './webhook-suite.ts';

export { type Bench, type BenchOptions, type CtxChanges, openBench, type Seen } from './bench.ts';
export { dataOf, failure, type Handling, handlingOf, recordsIn, type StreamRun } from './handling.ts';
export { type Recorded, recorded } from './recorded.ts';
export { type Delivery, type LinkChanges, openRig, type Rig, type RigOptions } from './rig.ts';
export { incomingCall } from './simulate.ts';
export type { Answer } from './simulated-http.ts';
export { openStand, type RequestOptions, requestOf, type Stand, type StandOptions, sentBack } from './simulator-stand.ts';
export type { WebhookTrigger } from './webhook-suite.ts';

export interface ContractOptions extends RigOptions {
  /** The plugin's folder: `import.meta.dirname`. */
  readonly folder: string;
  /** Which button of the simulator's panel sends a webhook; default: what the simulator's `demo` says. */
  readonly webhook?: WebhookTrigger;
  /** For each action an input the simulator takes; default: what the simulator's `demo` says. */
  readonly actions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Declares a jest suite that holds a plugin to the contract, working against its own simulator in this process: card and
 * forms, every way to connect, test, choices and actions through a provider that fails, tokens renewed, exchanged and revoked, every stream resumed
 * from its checkpoints, the webhook under forgery and replay. Call it at the top of the plugin's test file. What connects to
 * the simulator is named by its `demo`, or here.
 */
export function testPlugin(plugin: Plugin, sandbox: Sandbox, options: ContractOptions): void {
  const fresh: Rig[] = [];
  const lasting: Rig[] = [];
  const opener = (way: RigOptions): Open => {
    let one: Rig | undefined;
    const kept = (rigs: Rig[]) => {
      const rig = openRig(plugin, sandbox, way);
      rigs.push(rig);
      return rig;
    };
    const steady = () => {
      one ??= kept(lasting);
      return one;
    };
    return Object.assign(() => kept(fresh), { steady });
  };
  const close = async (rigs: Rig[]) => void (await Promise.all(rigs.splice(0).map((rig) => rig.close())));
  describe(`the contract of ${plugin.manifest.name}`, () => {
    afterEach(() => close(fresh));
    afterAll(() => close(lasting));
    describe('card', () => cardSuite(plugin, options.folder));
    const ways = waysOf(plugin, sandbox, options);
    if (!ways) return describe('connection', missingWay);
    const inputs = options.actions ?? sandbox.demo?.actions;
    for (const way of ways)
      describe(`connection by ${way.oauth ? 'OAuth' : 'keys'}`, () => waySuite(plugin, opener(way), { ...way, inputs }));
    const openers = new Map(ways.map((way) => [way, opener(way)]));
    const openFor = (stream: Pick<Stream, 'methods'>) => openers.get(wayFor(ways, stream)) as Open;
    workSuites(plugin, openFor, { ...sandbox.demo, ...options });
  });
}

interface Way extends RigOptions {
  readonly inputs: ContractOptions['actions'];
}

function waySuite({ manifest, handlers }: Plugin, open: Open, { inputs, ...way }: Way): void {
  connectSuite(open, way);
  for (const name of Object.keys(handlers?.options ?? {})) loaderSuite(open, name, inputs);
  if (!way.oauth || manifest.comingSoon) return;
  const oauth = manifest.auth.find((auth): auth is OAuth2 => auth.method === 'oauth');
  if (oauth) tokenSuite(open, oauth, way);
}

/** What a connection does, whichever way it was made. */
function workSuites(
  { handlers = {} as Handlers }: Plugin,
  openFor: (stream: Pick<Stream, 'methods'>) => Open,
  given: Pick<ContractOptions, 'webhook' | 'actions'>,
): void {
  const open = openFor({});
  for (const name of syncable(handlers.streams))
    describe(`stream ${name}`, () => streamSuite(openFor(handlers.streams?.[name] ?? {}), name));
  for (const name of Object.keys(handlers.actions ?? {}))
    describe(`action ${name}`, () => actionSuite(openFor(handlers.actions?.[name] ?? {}), name, given.actions?.[name]));
  const { webhook } = given;
  if (handlers.webhook) describe('webhook', () => (webhook ? webhookSuite(open, webhook) : missingTrigger()));
}

/** The part of the contract a card without a plugin has to keep. */
export function testComingSoon(plugin: Plugin, options: { readonly folder: string }): void {
  describe(`the card of ${plugin.manifest.name}`, () => cardSuite(plugin, options.folder));
}

function missingTrigger(): void {
  it('is tested with a webhook of its simulator', () => {
    throw new Error('Name the panel command that sends a webhook in the simulator: demo: { webhook: { command: "…" } }.');
  });
}

function missingWay(): void {
  it('is tested with a credential of its simulator', () => {
    throw new Error(
      'Name what opens a fresh simulator in sandbox.ts: demo: { oauth: { accessToken, grant } } or demo: { credentials }.',
    );
  });
}
