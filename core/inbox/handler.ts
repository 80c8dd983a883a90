import type { Contexts } from '../integrations/context.ts';
import type { Integration, IntegrationStore, WithSecrets } from '../integrations/integration-store.ts';
import type { Log } from '../log.ts';
import type { Effect, HubEvent } from '../sdk/index.ts';
import { type Claim, LeaseLost, type Outcome } from './claim.ts';
import type { EventClaimStore } from './claim-store.ts';
import type { Attempt } from './event-entity.ts';
import { text } from './event-text.ts';
import { MAX_ATTEMPTS, outcomeOf, whyParked } from './outcome.ts';
import type { Settlement } from './settlement.ts';

export interface HandlerOptions {
  readonly claims: EventClaimStore;
  readonly settlement: Pick<Settlement, 'finish'>;
  readonly integrations: IntegrationStore;
  readonly contexts: Pick<Contexts, 'forIntegration'>;
  readonly log: Log;
  /** For one call of `onEvent`. */
  readonly deadlineMs: number;
}

/** The provider's clock may be this far behind ours. */
const CLOCK_SKEW_MS = 60_000;

/** One event on its way through, and what is known of the attempt so far. */
interface Progress {
  readonly claim: Claim;
  readonly began: number;
  /** Its integration, by whoever read it just now. */
  readonly read: Promise<WithSecrets> | undefined;
  /** The content hash of the plugin, once it is asked. */
  plugin?: string;
}

/** Handles one claimed event: the plugin says what it changes, and that is committed together with the event's state. */
export class EventHandler {
  readonly #parts: HandlerOptions;

  constructor(parts: HandlerOptions) {
    this.#parts = parts;
  }

  /** Never throws: what cannot be written now is claimed again when the lease has ended. */
  async handle(claim: Claim, stop: AbortSignal, read?: Promise<WithSecrets>): Promise<void> {
    const progress: Progress = { claim, began: performance.now(), read };
    const { log } = this.#parts;
    const whose = { plugin: claim.pluginId, store: claim.storeId, event: claim.id, attempt: claim.attempts };
    try {
      const outcome = await this.#attempt(progress, stop, whose);
      if (!outcome) return;
      const reason = outcome.reason && text(outcome.reason).slice(0, 1000);
      const settled = { ...outcome, ...(reason && { reason }) } as Outcome;
      await this.#parts.claims.settle(claim, settled, attemptOf(progress, settled));
      log.info({ ...whose, outcome: outcome.kind, reason }, 'event settled');
    } catch (error) {
      if (error instanceof LeaseLost) log.info(whose, 'another worker has taken over this event; nothing was written');
      else log.warn({ ...whose, err: error }, 'the outcome of an event could not be written; it is handled again');
    }
  }

  /** @returns undefined when it was settled together with its effects */
  async #attempt(progress: Progress, stop: AbortSignal, whose: object): Promise<Outcome | undefined> {
    try {
      return await this.#run(progress, stop);
    } catch (error) {
      if (error instanceof LeaseLost) throw error;
      if (stop.aborted) return { kind: 'retry', reason: 'The hub was stopped.', afterSeconds: 0, counted: false };
      this.#parts.log.warn({ ...whose, err: error }, 'an event could not be handled');
      return outcomeOf(error, progress.claim.attempts);
    }
  }

  async #run(progress: Progress, signal: AbortSignal): Promise<Outcome | undefined> {
    const { settlement, integrations, contexts, deadlineMs } = this.#parts;
    const { claim } = progress;
    if (claim.attempts > MAX_ATTEMPTS) {
      return { kind: 'dead', reason: `Given up after ${MAX_ATTEMPTS} attempts, none of which came to an end.` };
    }
    const reading = progress.read ?? integrations.getWithSecrets(claim.storeId, claim.integrationId);
    const { integration, configSecrets, readAt } = await reading;
    const reason = whyParked(integration);
    if (reason) return { kind: 'parked', reason };
    const { ctx, handlers, run, plugin } = await contexts.forIntegration(integration, {
      signal,
      timeoutMs: deadlineMs,
      priority: 'background',
      configSecrets,
    });
    progress.plugin = plugin.hash;
    const { webhook } = handlers;
    const said = webhook?.onEvent ? await run(async () => listOf(await webhook.onEvent?.(ctx, eventOf(claim))), 'onEvent') : [];
    const changes = withoutStale(said, claim, integration);
    const outcome: Outcome = { kind: 'handled', ...(!webhook?.onEvent && { reason: 'no handler' }) };
    await settlement.finish({ claim, integration, began: readAt, changes, attempt: attemptOf(progress, outcome) });
    return undefined;
  }
}

function attemptOf({ began, plugin }: Progress, { kind, reason }: Outcome): Attempt {
  return {
    at: new Date().toISOString(),
    outcome: kind,
    ms: Math.round(performance.now() - began),
    ...(plugin && { plugin: plugin.slice(0, 12) }),
    ...(reason && { reason }),
  };
}

function listOf(changes: unknown): readonly Effect[] {
  if (Array.isArray(changes)) return changes as readonly Effect[];
  throw new Error('onEvent did not return a list of effects');
}

/** As the plugin gave it when it came. */
export function eventOf(claim: Pick<Claim, 'eventId' | 'type' | 'account' | 'object' | 'at' | 'data'>): HubEvent {
  const { eventId, type, account, object, at, data } = claim;
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
  return stale ? changes.filter((change) => change?.kind !== 'disconnect') : changes;
}
