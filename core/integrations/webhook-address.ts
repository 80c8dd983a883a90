import type { Webhook } from '../sdk/index.ts';
import type { Integration } from './integration-store.ts';

/** Where a provider reports changes: one address for the app, or one for each connection. */
export function webhookAddress(
  publicUrl: string,
  { pluginId, webhookKey }: Pick<Integration, 'pluginId' | 'webhookKey'>,
  { scope }: Pick<Webhook, 'scope'>,
): string {
  return `${publicUrl}/webhooks/${pluginId}${scope === 'integration' ? `/c/${webhookKey}` : ''}`;
}
