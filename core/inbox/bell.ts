/** Workers elsewhere hear of new events this often, and at once where there were none for as long. */
const EVERY_MS = 20;

/** Decides which commit tells of itself: each NOTIFY wakes every listening connection, whatever it listens for. */
export class Bell {
  readonly #ring: () => Promise<unknown>;
  #resting: NodeJS.Timeout | undefined;
  #missed = false;

  /** @param ring tells of all that was committed */
  constructor(ring: () => Promise<unknown>) {
    this.#ring = ring;
  }

  /** Whether the commit that is about to be made should tell of itself. */
  takesTurn(): boolean {
    if (this.#resting) return false;
    this.#rest();
    return true;
  }

  /** Something was committed that did not tell of itself. */
  missed(): void {
    if (this.#resting) this.#missed = true;
    else this.#ringNow();
  }

  #ringNow(): void {
    this.#missed = false;
    this.#rest();
    // Whoever does not hear of it looks by himself every now and then.
    this.#ring().catch(() => undefined);
  }

  #rest(): void {
    this.#resting = setTimeout(() => {
      this.#resting = undefined;
      if (this.#missed) this.#ringNow();
    }, EVERY_MS).unref();
  }
}
