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
  /** Whether there is a hand free for this integration, beside so many that are promised. */
  readonly hasHand: (integrationId: string, promised: number) => boolean;
  /** @param read its integration, where it was read just now */
  readonly take: (claim: Claim, read: Promise<WithSecrets> | undefined) => void;
}

/** A storing that takes longer says nothing of now. */
const READ_LASTS_MS = 100;

/**
 * What comes to the process of a worker that has nothing in hand of its integration is claimed by the transaction that stores
 * it, and its integration is read meanwhile: it waits for nothing that others left. All else, and what stands behind another
 * of its lane, is claimed as any worker claims.
 */
export class Handoffs {
  readonly #options: HandoffsOptions;
  /** By integration. */
  readonly #open = new Map<string, Promise<void>>();

  constructor(options: HandoffsOptions) {
    this.#options = options;
  }

  /** How many are on their way. */
  get size(): number {
    return this.#open.size;
  }

  /** Resolves once none of them is any more. */
  async ended(): Promise<void> {
    await Promise.all(this.#open.values());
  }

  offer(event: NewEvent): Handoff | undefined {
    const { integrations, leaseMs, hasHand, take } = this.#options;
    const { storeId, integrationId } = event;
    if (!storeId || !integrationId || this.#open.has(integrationId)) return undefined;
    if (!hasHand(integrationId, this.#open.size)) return undefined;
    const began = performance.now();
    const token = randomUUID();
    const read = integrations.getWithSecrets(storeId, integrationId);
    // Whoever needs it hears of it.
    read.catch(() => undefined);
    let close: () => void;
    this.#open.set(integrationId, new Promise((resolve) => (close = resolve)));
    const ended = (seq: string | undefined) => {
      this.#open.delete(integrationId);
      if (seq !== undefined) {
        const isFresh = performance.now() - began < READ_LASTS_MS;
        take(claimOf(event, { storeId, integrationId, seq, token }), isFresh ? read : undefined);
      }
      close();
    };
    return { event, token, leaseMs, ended };
  }
}

/** As it would be read from the database. */
function claimOf(event: NewEvent, held: Pick<Claim, 'storeId' | 'integrationId' | 'seq' | 'token'>): Claim {
  const { id, pluginId, account, eventId, type, object, at, data, receivedAt } = event;
  const said = { eventId, type, data: JSON.parse(json(data)) as Claim['data'] };
  const about = { account: account ?? null, object: object ?? null, at: at ?? null };
  return { ...held, id, lane: laneOf(event), pluginId, ...said, ...about, receivedAt, attempts: 1 };
}
