import type { Claim } from './claim.ts';
import type { EventClaimStore } from './claim-store.ts';

interface Taken {
  readonly claim: Claim;
  readonly since: number;
  readonly done: Promise<void>;
}

export interface InHandOptions {
  readonly claims: Pick<EventClaimStore, 'renew'>;
  readonly leaseMs: number;
  /** Events at once. Default 128. */
  readonly concurrency: number | undefined;
  /** Called whenever there is room again. */
  readonly onDone: () => void;
}

/**
 * One hand of so many is for what is handed over, the others for what is claimed. Neither takes the other's: claims ask for
 * all of theirs at once, and what comes all the time must not keep from its turn what waits.
 */
const HANDED_OVER = 16;

/** The events one worker is busy with: how many, whose, and that nobody else takes them while they last. */
export class InHand {
  readonly #options: InHandOptions;
  readonly #taken = new Map<string, Taken>();
  readonly #shares = new Map<string, number>();
  readonly #hands: number;
  #handedOver = 0;

  constructor(options: InHandOptions) {
    this.#options = options;
    this.#hands = options.concurrency ?? 128;
  }

  get size(): number {
    return this.#taken.size;
  }

  /** Integration → how many. */
  get shares(): ReadonlyMap<string, number> {
    return this.#shares;
  }

  /** Integrations that have so many or more. */
  atShare(share: number): string[] {
    return [...this.#shares].flatMap(([id, count]) => (count >= share ? id : []));
  }

  /** Hands for what is claimed. */
  get room(): number {
    return this.#hands - this.#forHandedOver - (this.size - this.#handedOver);
  }

  get #forHandedOver(): number {
    return Math.floor(this.#hands / HANDED_OVER);
  }

  /** Whether an integration that has nothing in hand may be handed something, beside so many that are promised. */
  hasHand(integrationId: string, promised: number): boolean {
    return this.#handedOver + promised < this.#forHandedOver && !this.#shares.has(integrationId);
  }

  take(claim: Claim, handling: Promise<void>, isHandedOver = false): void {
    this.#note(claim, isHandedOver, 1);
    const done = handling.finally(() => {
      this.#taken.delete(claim.token + claim.id);
      this.#note(claim, isHandedOver, -1);
      this.#options.onDone();
    });
    this.#taken.set(claim.token + claim.id, { claim, since: Date.now(), done });
  }

  /** Resolves once all that is in hand now has ended. */
  async ended(): Promise<void> {
    await Promise.all([...this.#taken.values()].map(({ done }) => done));
  }

  /** Holds on to what takes longer than most. A worker that could not is told so when it writes. */
  async renew(): Promise<void> {
    const { claims, leaseMs } = this.#options;
    const old = Date.now() - leaseMs / 4;
    const held = [...this.#taken.values()].filter(({ since }) => since < old).map(({ claim }) => claim);
    if (held.length > 0) await claims.renew(held, leaseMs);
  }

  #note({ integrationId }: Claim, isHandedOver: boolean, more: 1 | -1): void {
    if (isHandedOver) this.#handedOver += more;
    const count = (this.#shares.get(integrationId) ?? 0) + more;
    if (count > 0) this.#shares.set(integrationId, count);
    else this.#shares.delete(integrationId);
  }
}
