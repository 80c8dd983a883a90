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
  /** Called whenever there is room again. */
  readonly onDone: () => void;
}

/** The events one worker is busy with: how many, whose, and that nobody else takes them while they last. */
export class InHand {
  readonly #options: InHandOptions;
  readonly #taken = new Map<string, Taken>();
  readonly #shares = new Map<string, number>();

  constructor(options: InHandOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#taken.size;
  }

  /** Integration → how many. */
  get shares(): ReadonlyMap<string, number> {
    return this.#shares;
  }

  take(claim: Claim, handling: Promise<void>): void {
    this.#share(claim, 1);
    const done = handling.finally(() => {
      this.#taken.delete(claim.token + claim.id);
      this.#share(claim, -1);
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

  #share({ integrationId }: Claim, more: 1 | -1): void {
    const count = (this.#shares.get(integrationId) ?? 0) + more;
    if (count > 0) this.#shares.set(integrationId, count);
    else this.#shares.delete(integrationId);
  }
}
