import { afterEach, describe, it } from '@jest/globals';
import type { Plugin, Sandbox } from '../index.ts';
import { cardSuite } from './card-suite.ts';
import { connectSuite } from './connect-suite.ts';
import { openRig, type Rig, type RigOptions } from './rig.ts';
import { streamSuite, syncable } from './stream-suite.ts';
import { type WebhookTrigger, webhookSuite } from './webhook-suite.ts';

export { type Delivery, type LinkChanges, openRig, type Rig, type RigOptions } from './rig.ts';
export type { Answer } from './simulated-http.ts';
export type { WebhookTrigger } from './webhook-suite.ts';

export interface ContractOptions extends RigOptions {
  /** The plugin's folder: `import.meta.dirname`. */
  readonly folder: string;
  /** Which button of the simulator's panel sends a webhook; needed where the plugin has a webhook. */
  readonly webhook?: WebhookTrigger;
}

/**
 * Declares a jest suite that holds a plugin to the contract, working against its own simulator in this process:
 * card and forms, identify and test, every stream resumed from its checkpoints, the webhook under forgery.
 * Call it at the top of the plugin's test file.
 */
export function testPlugin(plugin: Plugin, sandbox: Sandbox, options: ContractOptions): void {
  const open: Rig[] = [];
  const rig = () => {
    const next = openRig(plugin, sandbox, options);
    open.push(next);
    return next;
  };
  describe(`the contract of ${plugin.manifest.name}`, () => {
    afterEach(async () => {
      await Promise.all(open.splice(0).map((one) => one.close()));
    });
    describe('card', () => cardSuite(plugin, options.folder));
    describe('connection', () => connectSuite(rig, options));
    for (const name of syncable(plugin.handlers?.streams)) describe(`stream ${name}`, () => streamSuite(rig, name));
    const { webhook } = options;
    if (plugin.handlers?.webhook) describe('webhook', () => (webhook ? webhookSuite(rig, webhook) : missingTrigger()));
  });
}

/** The part of the contract a card without a plugin has to keep. */
export function testComingSoon(plugin: Plugin, options: { readonly folder: string }): void {
  describe(`the card of ${plugin.manifest.name}`, () => cardSuite(plugin, options.folder));
}

function missingTrigger(): void {
  it('is tested with a webhook of its simulator', () => {
    throw new Error('Name the panel command that sends a webhook: testPlugin(plugin, sandbox, { webhook: { command: "…" } }).');
  });
}
