import { randomUUID } from 'node:crypto';
import type { IntegrationStore, WithSecrets } from '../integrations/integration-store.ts';
import type { Handoff } from './arrival-store.ts';
import type { Claim } from './claim.ts';
import { laneOf } from './event-copy.ts';
import type { NewEvent } from './event-insert.ts';
import { json } from './event-text.ts';

export interface HandoffsOptions {
  readonly integrations: Pick<IntegrationStore, 'getWithSecrets'>;
  readonly leaseMs: number;
  /** Whether nothing is in hand, and nothing known to wait. */
  readonly isIdle: () => boolean;
  /** @param read its integration, where it was read just now */
  readonly take: (claim: Claim, read: Promise<WithSecrets> | undefined) => void;
}

/** A storing that takes longer says nothing of now. */
const READ_LASTS_MS = 100;

/**
 * What comes to an idle worker's own process is claimed by the transaction that stores it, and its integration is read
 * meanwhile. All else, and what stands behind another of its lane, is claimed as any worker claims.
 */
export class Handoffs {
  readonly #options: HandoffsOptions;
  #open: Promise<void> | undefined;

  constructor(options: HandoffsOptions) {
    this.#options = options;
  }

  /** Resolves once nothing is on its way. */
  async ended(): Promise<void> {
    await this.#open;
  }

  offer(event: NewEvent): Handoff | undefined {
    const { integrations, leaseMs, isIdle, take } = this.#options;
    const { storeId, integrationId } = event;
    if (!storeId || !integrationId || this.#open || !isIdle()) return undefined;
    const began = performance.now();
    const token = randomUUID();
    const read = integrations.getWithSecrets(storeId, integrationId);
    // Whoever needs it hears of it.
    read.catch(() => undefined);
    let close: () => void;
    this.#open = new Promise((resolve) => (close = resolve));
    const ended = (seq: string | undefined) => {
      this.#open = undefined;
      if (seq !== undefined) {
        const isFresh = performance.now() - began < READ_LASTS_MS;
        take(claimOf(event, { storeId, integrationId, seq, token }), isFresh ? read : undefined);
      }
      close();
    };
    return { token, leaseMs, ended };
  }
}

/** As it would be read from the database. */
function claimOf(event: NewEvent, held: Pick<Claim, 'storeId' | 'integrationId' | 'seq' | 'token'>): Claim {
  const { id, pluginId, account, eventId, type, object, at, data, receivedAt } = event;
  const said = { eventId, type, data: JSON.parse(json(data)) as Claim['data'] };
  const about = { account: account ?? null, object: object ?? null, at: at ?? null };
  return { ...held, id, lane: laneOf(event), pluginId, ...said, ...about, receivedAt, attempts: 1 };
}
