import type { Integration } from '../../integrations/integration-store.ts';
import type { Template } from '../../plugins/registry.ts';
import { list } from '../words.ts';
import { countOf, inOrder, streamTitle } from './card-view.ts';
import { type PluginHead, pluginHead } from './plugin-view.ts';

export interface DisconnectPage {
  readonly plugin: PluginHead;
  readonly integration: { readonly name: string; readonly href: string; readonly account: string | undefined };
  /** What ends, sentence by sentence. */
  readonly losses: readonly string[];
  readonly records: number;
}

export function disconnectPage(input: {
  template: Template;
  integration: Integration;
  counts: Readonly<Record<string, number>>;
}): DisconnectPage {
  const { template, integration, counts } = input;
  const kept = inOrder(template, counts).filter(([, count]) => count > 0);
  const hears = template.loaded?.plugin.handlers?.webhook !== undefined;
  const held = kept.map(([stream, count]) => countOf(streamTitle(template, stream), count));
  return {
    plugin: pluginHead(template),
    integration: {
      name: integration.name,
      href: `/integrations/${integration.pluginId}/${integration.id}`,
      account: integration.account?.label,
    },
    losses: [
      'Syncing stops, and so do its schedules.',
      ...(hears ? [`Changes made in ${template.name} no longer arrive here.`] : []),
      'The keys of this connection are deleted. To connect again you will have to give permission again.',
      ...(held.length > 0 ? [`Here we hold ${list(held)}. You choose below what happens to them.`] : []),
    ],
    records: kept.reduce((sum, [, count]) => sum + count, 0),
  };
}
