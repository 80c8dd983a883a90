import type { Integration } from '../../integrations/integration-store.ts';
import type { Template } from '../../plugins/registry.ts';
import { list } from '../words/format.ts';
import { t } from '../words/texts.ts';
import { isByHand } from './details-view.ts';
import { type PluginHead, pluginHead } from './plugin-view.ts';
import { countOf, inOrder, streamTitle } from './stream-words.ts';

export interface DisconnectPage {
  readonly plugin: PluginHead;
  readonly integration: { readonly name: string; readonly href: string; readonly account: string | undefined };
  /** What ends, sentence by sentence. */
  readonly losses: readonly string[];
  readonly records: number;
  /** Where the provider goes on calling if its owner told it to by hand. */
  readonly address: string | undefined;
}

export function disconnectPage(input: {
  template: Template;
  integration: Integration;
  counts: Readonly<Record<string, number>>;
  webhookUrl: string | undefined;
}): DisconnectPage {
  const { template, integration, counts, webhookUrl } = input;
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
      t('disconnect.loss.syncs'),
      ...(hears ? [t('disconnect.loss.changes', { plugin: template.name })] : []),
      t(`disconnect.loss.${integration.method}`, { plugin: template.name }),
      ...(held.length > 0 ? [t('disconnect.loss.records', { what: list(held) })] : []),
    ],
    records: kept.reduce((sum, [, count]) => sum + count, 0),
    address: isByHand(input) ? webhookUrl : undefined,
  };
}
