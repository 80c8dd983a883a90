import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { NIL } from 'uuid';
import type { Claim, IdempotencyKeyStore } from './idempotency-key-store.ts';

/** What a caller wants done once. */
export interface KeyedCall {
  /** The id of an API key, or of a user who came without one. */
  readonly caller: string;
  readonly key: string;
  /** Method, address and what it stands for to this caller. */
  readonly call: string;
  readonly body: unknown;
}

/** `again`: the first one's answer. `other`: the key is known with another call or body. `busy`: the first is at work. */
export type KeyedAnswer<T> =
  | { readonly kind: 'first' | 'again'; readonly answer: T }
  | { readonly kind: 'other' }
  | { readonly kind: 'busy' };

interface Place {
  readonly store: string;
  readonly owner: string;
  readonly field: string;
}

/** Answers may hold what is shown once only, such as a new API key. */
export interface Seal {
  seal(place: Place, plain: string): Promise<string>;
  open(place: Place, sealed: string): Promise<string>;
}

const WAIT_MS = 10_000;
const STEP_MS = 25;
const LONGEST_STEP_MS = 400;

/**
 * Does what was asked for under one key of a caller once, on however many hosts it arrives: who comes second waits for the
 * first one's answer, which is kept for 24 hours. What failed is not kept, so that it can be tried again under the same key.
 */
export class IdempotencyKeys {
  readonly #store: IdempotencyKeyStore;
  readonly #vault: Seal;

  constructor({ store, vault }: { store: IdempotencyKeyStore; vault: Seal }) {
    this.#store = store;
    this.#vault = vault;
  }

  /** @throws what `act` throws */
  async do<T>(call: KeyedCall, act: () => Promise<T>): Promise<KeyedAnswer<T>> {
    const claim = { caller: call.caller, key: call.key, fingerprint: fingerprintOf(call), holder: randomUUID() };
    const deadline = Date.now() + WAIT_MS;
    for (let step = STEP_MS; ; step = Math.min(step * 2, LONGEST_STEP_MS)) {
      if (await this.#store.claim(claim)) return { kind: 'first', answer: await this.#act(claim, act) };
      const kept = await this.#store.find(claim.caller, claim.key);
      if (kept && kept.fingerprint !== claim.fingerprint) return { kind: 'other' };
      if (kept?.answer) return { kind: 'again', answer: JSON.parse(await this.#vault.open(placeOf(claim), kept.answer)) as T };
      if (Date.now() > deadline) return { kind: 'busy' };
      await sleep(step);
    }
  }

  /**
   * Does `act` while nobody else, on whichever host, does anything under the same name.
   * @returns undefined when it was not its turn within 10 s; throws what `act` throws
   */
  async inTurn<T>(name: string, act: () => Promise<T>): Promise<{ answer: T } | undefined> {
    const claim = { caller: NIL, key: name, fingerprint: '', holder: randomUUID() };
    const deadline = Date.now() + WAIT_MS;
    for (let step = STEP_MS; !(await this.#store.claim(claim)); step = Math.min(step * 2, LONGEST_STEP_MS)) {
      if (Date.now() > deadline) return undefined;
      await sleep(step);
    }
    try {
      return { answer: await act() };
    } finally {
      await this.#store.letGo(claim);
    }
  }

  async #act<T>(claim: Claim, act: () => Promise<T>): Promise<T> {
    try {
      const answer = await act();
      await this.#store.keep(claim, await this.#vault.seal(placeOf(claim), JSON.stringify(answer)));
      return answer;
    } catch (error) {
      await this.#store.letGo(claim);
      throw error;
    }
  }
}

function fingerprintOf({ call, body }: KeyedCall): string {
  return createHash('sha256')
    .update(JSON.stringify([call, body ?? null]))
    .digest('base64url');
}

function placeOf({ caller, key }: Claim): Place {
  return { store: 'hub', owner: `once:${caller}`, field: key };
}
