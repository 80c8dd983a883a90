import type { Contexts } from '../integrations/context.ts';
import type { Effects } from '../integrations/effects.ts';
import type { Integration, IntegrationStore } from '../integrations/integration-store.ts';
import type { Log } from '../log.ts';
import type { Effect, HubEvent } from '../sdk/index.ts';
import { type Claim, type EventClaimStore, LeaseLost, type Outcome } from './claim-store.ts';
import { text } from './event-text.ts';
import { MAX_ATTEMPTS, outcomeOf, whyParked } from './outcome.ts';

export interface HandlerOptions {
  readonly claims: EventClaimStore;
  readonly integrations: IntegrationStore;
  readonly contexts: Pick<Contexts, 'forIntegration'>;
  readonly effects: Pick<Effects, 'apply'>;
  readonly log: Log;
  /** For one call of `onEvent`; shorter than the lease. */
  readonly deadlineMs: number;
}

/** The provider's clock may be this far behind ours. */
const CLOCK_SKEW_MS = 60_000;

/** Handles one claimed event: the plugin says what it changes, and that is committed together with the event's state. */
export class EventHandler {
  readonly #parts: HandlerOptions;

  constructor(parts: HandlerOptions) {
    this.#parts = parts;
  }

  /** Never throws: what cannot be written now is claimed again when the lease has ended. */
  async handle(claim: Claim, stop: AbortSignal): Promise<void> {
    const log = this.#parts.log.child({ plugin: claim.pluginId, store: claim.storeId, event: claim.id, attempt: claim.attempts });
    try {
      const outcome = await this.#attempt(claim, stop, log);
      if (!outcome) return;
      await this.#parts.claims.settle(claim, {
        ...outcome,
        ...(outcome.reason && { reason: text(outcome.reason).slice(0, 1000) }),
      });
      log.info({ outcome: outcome.kind, reason: outcome.reason }, 'event settled');
    } catch (error) {
      if (error instanceof LeaseLost) log.info({}, 'another worker has taken over this event; nothing was written');
      else log.warn({ err: error }, 'the outcome of an event could not be written; it is handled again');
    }
  }

  /** @returns undefined when it was settled together with its effects */
  async #attempt(claim: Claim, stop: AbortSignal, log: Log): Promise<Outcome | undefined> {
    try {
      return await this.#run(claim, stop);
    } catch (error) {
      if (error instanceof LeaseLost) throw error;
      if (stop.aborted) return { kind: 'retry', reason: 'The hub was stopped.', afterSeconds: 0, counted: false };
      log.warn({ err: error }, 'an event could not be handled');
      return outcomeOf(error, claim.attempts);
    }
  }

  async #run(claim: Claim, signal: AbortSignal): Promise<Outcome | undefined> {
    const { claims, integrations, contexts, effects, deadlineMs } = this.#parts;
    if (claim.attempts > MAX_ATTEMPTS) {
      return { kind: 'dead', reason: `Given up after ${MAX_ATTEMPTS} attempts, none of which came to an end.` };
    }
    const integration = await integrations.get(claim.storeId, claim.integrationId);
    const reason = whyParked(integration);
    if (reason) return { kind: 'parked', reason };
    const { ctx, handlers, run } = await contexts.forIntegration(integration, {
      signal,
      timeoutMs: deadlineMs,
      priority: 'background',
    });
    const { webhook } = handlers;
    const changes = webhook?.onEvent ? await run(async () => listOf(await webhook.onEvent?.(ctx, eventOf(claim)))) : [];
    await claims.complete(claim, async (sql) => {
      const { failed } = await effects.apply(sql, integration, withoutStale(changes, claim, integration), { trigger: 'webhook' });
      await integrations.noteEvent(claim.storeId, integration.id, claim.receivedAt, sql);
      if (failed > 0) return `${failed} of its records could not be stored`;
      return webhook?.onEvent ? undefined : 'no handler';
    });
    return undefined;
  }
}

function listOf(changes: unknown): readonly Effect[] {
  if (Array.isArray(changes)) return changes as readonly Effect[];
  throw new Error('onEvent did not return a list of effects');
}

function eventOf({ eventId, type, account, object, at, data }: Claim): HubEvent {
  return {
    id: eventId,
    type,
    data,
    ...(account !== null && { account }),
    ...(object !== null && { object }),
    ...(at && { at: at.toISOString() }),
  };
}

/** An end of the connection before this one must not end this one: such an event was parked, late, or sent again. */
function withoutStale(
  changes: readonly Effect[],
  { at, receivedAt }: Pick<Claim, 'at' | 'receivedAt'>,
  { connectedAt }: Pick<Integration, 'connectedAt'>,
): readonly Effect[] {
  if (!connectedAt) return changes;
  const stale = receivedAt < connectedAt || (at !== null && at.getTime() < connectedAt.getTime() - CLOCK_SKEW_MS);
  return stale ? changes.filter(({ kind }) => kind !== 'disconnect') : changes;
}
