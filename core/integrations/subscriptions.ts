import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../log.ts';
import { hubError, type Subscribed, type Webhook } from '../sdk/index.ts';
import type { Vault } from '../vault/secret.ts';
import type { Contexts, OpenContext } from './context.ts';
import type { Integration, IntegrationStore } from './integration-store.ts';
import { checkedSubscribed } from './shapes.ts';
import type { HeldSubscription, SubscriptionStore } from './subscription-store.ts';
import { webhookAddress } from './webhook-address.ts';

export interface SubscriptionsOptions {
  readonly store: IntegrationStore;
  readonly subscriptionStore: SubscriptionStore;
  readonly contexts: Contexts;
  readonly vault: Vault;
  readonly publicUrl: string;
  readonly log: Log;
  /** Events of its accounts may have come before these were known. */
  readonly onSubscribed?: (integration: Integration) => Promise<unknown>;
}

type Followed = Readonly<Record<string, unknown>>;
type IsDue = (held: HeldSubscription, followed: Followed) => boolean;

/** For each call to the provider. */
const PATIENCE_MS = 20_000;
/** How often two that change one subscription at once look again. */
const ROUNDS = 3;

/**
 * Registers our webhook address at providers that want it done by API. Best effort both ways: a failure is said on the
 * card, not thrown, and {@link follow} tries again.
 */
export class Subscriptions {
  readonly #parts: SubscriptionsOptions;

  constructor(parts: SubscriptionsOptions) {
    this.#parts = parts;
  }

  /** Where the provider reports changes of this integration. */
  urlOf(integration: Integration, webhook: Pick<Webhook, 'scope'>): string {
    return webhookAddress(this.#parts.publicUrl, integration, webhook);
  }

  /** After every connect: what an earlier grant had registered may be gone with it, or be of other accounts. */
  begin(integration: Integration): Promise<Integration> {
    return this.#settle(integration, () => true);
  }

  /** Registers what is not registered yet, and anew where a setting has changed that it follows. */
  async follow(integration: Integration): Promise<Integration> {
    if (integration.status !== 'active') return integration;
    return this.#settle(integration, ({ id, followed = {} }, now) => id === undefined || !isDeepStrictEqual(followed, now));
  }

  /** A sentence that says what went wrong, where something did. */
  async end(integration: Integration): Promise<string | undefined> {
    const { webhookSubscription: subscription } = integration;
    if (subscription === undefined) return undefined;
    try {
      await this.#unsubscribe(integration, await this.#open(integration), subscription);
      return undefined;
    } catch (error) {
      this.#warn(integration, error, 'webhooks not unsubscribed');
      return `The provider may go on reporting changes: ${hubError(error)?.message ?? 'unsubscribing failed.'}`;
    }
  }

  async #settle(integration: Integration, isDue: IsDue): Promise<Integration> {
    const { store, subscriptionStore } = this.#parts;
    const { storeId, id } = integration;
    try {
      for (let round = 0; round < ROUNDS; round += 1) if (await this.#renew(integration, isDue)) break;
    } catch (error) {
      this.#warn(integration, error, 'webhooks not subscribed');
      const why = hubError(error)?.message ?? 'It failed; the log says why.';
      await subscriptionStore.noteProblem(integration, `Changes are not reported as they happen: ${why}`);
    }
    return store.get(storeId, id);
  }

  /** @returns false when somebody else changed the subscription meanwhile */
  async #renew({ storeId, id }: Integration, isDue: IsDue): Promise<boolean> {
    const { store, subscriptionStore, onSubscribed } = this.#parts;
    const integration = await store.get(storeId, id);
    const open = await this.#open(integration);
    const { webhook } = open.handlers;
    if (!webhook?.subscribe) return this.#settled(integration);
    const [held, followed] = await Promise.all([subscriptionStore.held(integration), this.#followed(integration, open)]);
    if (!isDue(held, followed)) return this.#settled(integration);
    if (held.id !== undefined) {
      await this.#unsubscribe(integration, open, held.id);
      await subscriptionStore.retire(integration, held.id);
    }
    const url = this.urlOf(integration, webhook);
    const subscribed = await open.run(async () => checkedSubscribed(await webhook.subscribe?.(open.ctx, url)), 'subscribe');
    if (!(await this.#keep(open, integration, { subscribed, followed }))) return false;
    await onSubscribed?.(await store.get(storeId, id));
    return true;
  }

  /** What went wrong before is no longer wanted. */
  async #settled(integration: Integration): Promise<true> {
    if (integration.webhookProblem !== undefined) await this.#parts.subscriptionStore.noteProblem(integration, null);
    return true;
  }

  /** What could not be kept is not left behind at the provider. */
  async #keep(
    open: OpenContext,
    integration: Integration,
    { subscribed, followed }: { subscribed: Subscribed | undefined; followed: Followed },
  ): Promise<boolean> {
    const { subscriptionStore, vault } = this.#parts;
    const { id = null, secrets = {}, accounts = [] } = subscribed ?? {};
    open.hide(Object.values(secrets));
    let kept = false;
    try {
      const sealed = await vault.sealAll({ store: integration.storeId, owner: integration.id }, secrets);
      kept = await subscriptionStore.keep(integration, undefined, { id, secrets: sealed, followed, accounts });
      return kept;
    } finally {
      // A provider that names a subscription by its object gave both of us the same one.
      const current = kept || id === null ? undefined : await subscriptionStore.held(integration);
      if (current && id !== null && current.id !== id) await this.#unsubscribe(integration, open, id);
    }
  }

  /** The settings a subscription depends on; a secret one stands for itself by its ciphertext, which changes with it. */
  async #followed(integration: Integration, { ctx, handlers }: OpenContext): Promise<Followed> {
    const sealed = await this.#parts.store.configSecrets(integration.storeId, integration.id);
    const config = { ...(ctx.config as Record<string, unknown>), ...sealed };
    const names: readonly string[] = handlers.webhook?.follows ?? [];
    return Object.fromEntries(names.flatMap((name) => (config[name] === undefined ? [] : [[name, config[name]]])));
  }

  /** One the provider does not know any more has ended. */
  async #unsubscribe(integration: Integration, { run, ctx, handlers }: OpenContext, subscription: string): Promise<void> {
    const shared = await this.#parts.subscriptionStore.shared(integration);
    try {
      await run(async () => handlers.webhook?.unsubscribe?.(ctx, subscription, shared), 'unsubscribe');
    } catch (error) {
      if (hubError(error)?.consequence !== 'not-found') throw error;
    }
  }

  #open(integration: Integration): Promise<OpenContext> {
    return this.#parts.contexts.forIntegration(integration, { evenIfInactive: true, timeoutMs: PATIENCE_MS });
  }

  #warn({ pluginId: plugin, id }: Integration, error: unknown, what: string): void {
    this.#parts.log.warn({ plugin, integration: id, err: error }, what);
  }
}
