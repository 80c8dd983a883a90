import type { Log } from '../log.ts';
import { hubError } from '../sdk/index.ts';
import type { Contexts } from './context.ts';
import type { Integration, IntegrationStore } from './integration-store.ts';

export interface SubscriptionsOptions {
  readonly store: IntegrationStore;
  readonly contexts: Contexts;
  readonly publicUrl: string;
  readonly log: Log;
}

/** Registers our webhook address at providers that want it done by API. Best effort both ways: a failure is said, not thrown. */
export class Subscriptions {
  readonly #parts: SubscriptionsOptions;

  constructor(parts: SubscriptionsOptions) {
    this.#parts = parts;
  }

  /** Where the provider reports changes of this integration. */
  urlOf({ pluginId, webhookKey }: Integration, scope: 'app' | 'integration'): string {
    return `${this.#parts.publicUrl}/webhooks/${pluginId}${scope === 'integration' ? `/c/${webhookKey}` : ''}`;
  }

  async begin(integration: Integration): Promise<Integration> {
    const { contexts, store, log } = this.#parts;
    const { storeId, id, pluginId } = integration;
    try {
      const { run, ctx, handlers } = await contexts.forIntegration(integration);
      const { webhook } = handlers;
      if (!webhook?.subscribe || integration.webhookSubscription !== undefined) return integration;
      const url = this.urlOf(integration, webhook.scope);
      const subscribed = await run(async () => webhook.subscribe?.(ctx, url));
      if (!subscribed) return integration;
      return await store.update(storeId, id, { webhookSubscription: subscribed.id });
    } catch (error) {
      log.warn({ plugin: pluginId, integration: id, err: error }, 'webhooks not subscribed');
      const why = hubError(error)?.message ?? 'it failed; the log says why';
      return store.update(storeId, id, { message: `Connected, but changes are not reported yet: ${why}` });
    }
  }

  /** A sentence that says what went wrong, where something did. */
  async end(integration: Integration): Promise<string | undefined> {
    const { webhookSubscription: subscription } = integration;
    if (subscription === undefined) return undefined;
    try {
      const { run, ctx, handlers } = await this.#parts.contexts.forIntegration(integration, { evenIfInactive: true });
      await run(async () => handlers.webhook?.unsubscribe?.(ctx, subscription));
      return undefined;
    } catch (error) {
      this.#parts.log.warn(
        { plugin: integration.pluginId, integration: integration.id, err: error },
        'webhooks not unsubscribed',
      );
      return `The provider may go on reporting changes: ${hubError(error)?.message ?? 'unsubscribing failed.'}`;
    }
  }
}
