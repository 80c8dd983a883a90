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

/** One hand of so many is kept for what is handed over: a claim asks for all others and may take a while. */
const KEPT = 16;

/** The events one worker is busy with: how many, whose, and that nobody else takes them while they last. */
export class InHand {
  readonly #options: InHandOptions;
  readonly #taken = new Map<string, Taken>();
  readonly #shares = new Map<string, number>();
  readonly #hands: number;
  #asked = 0;

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

  /** Hands for what is claimed. @param promised to what is handed over soon */
  room(promised: number): number {
    return this.#hands - Math.floor(this.#hands / KEPT) - this.size - promised;
  }

  /** Sets this room aside until the claim has ended. @returns how many */
  ask(promised: number): number {
    this.#asked = this.room(promised);
    return this.#asked;
  }

  /** The claim has ended, and what it found is taken. */
  asked(): void {
    this.#asked = 0;
  }

  /** Whether an integration that has nothing in hand may have a hand at once. */
  hasHand(integrationId: string, promised: number): boolean {
    return this.size + this.#asked + promised < this.#hands && !this.#shares.has(integrationId);
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
