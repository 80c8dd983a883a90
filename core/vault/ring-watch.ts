import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { ConfigError } from '../config.ts';
import type { Sql } from '../database/transaction.ts';
import type { Log } from '../log.ts';
import { census, heldUnder } from './census.ts';
import type { Host, HostStore } from './host-store.ts';
import type { KeyRing } from './key-ring.ts';
import type { Rotation } from './rotation.ts';
import type { RotationStore } from './rotation-store.ts';
import type { SealedStore } from './sealed-store.ts';

export interface RingWatchOptions {
  readonly ring: KeyRing;
  readonly hosts: HostStore;
  readonly sealed: SealedStore;
  readonly rotations: RotationStore;
  readonly rotation: Rotation;
  readonly log: Log;
  /** Does this process take up rotations that others left? */
  readonly worker: boolean;
  /** Default 30 s. */
  readonly beatMs?: number;
}

/** What a process that has other things to do spends on a rotation. */
const SHARE = 0.3;

/**
 * Keeps the hosts of one database in agreement about keys: each seals with the first key of its ring that all of them
 * have, so that a new key may be given to one host after the other in any order.
 */
export class RingWatch {
  readonly #parts: RingWatchOptions;
  readonly #id = randomUUID();
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> = Promise.resolve();
  #rotating: Promise<void> | undefined;

  constructor(parts: RingWatchOptions) {
    this.#parts = parts;
  }

  /** @throws ConfigError where this ring does not open what the database holds */
  async start(): Promise<void> {
    await this.#parts.hosts.inTurn(async (sql) => {
      await requireKeys(this.#parts, sql);
      await this.#agree(sql);
    });
    this.#timer = setInterval(() => {
      this.#beating = this.beat();
    }, this.#parts.beatMs ?? 30_000);
    this.#timer.unref();
  }

  /** Says that this host is there, and learns of the others. Never throws. */
  async beat(): Promise<void> {
    const { hosts, ring, rotations, log, worker } = this.#parts;
    try {
      await hosts.inTurn((sql) => this.#agree(sql));
      const left = worker && !this.#rotating ? await rotations.takeAbandoned(ring.currentKid) : undefined;
      if (left) this.#rotating = this.#rotate();
    } catch (error) {
      log.debug({ err: error }, 'the other hosts could not be asked for their keys');
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort();
    await this.#beating;
    await this.#rotating;
    await this.#parts.hosts.remove(this.#id).catch(() => undefined);
  }

  async #agree(sql: Sql): Promise<void> {
    const { ring, hosts, log } = this.#parts;
    const others = (await hosts.live(sql)).filter(({ id }) => id !== this.#id);
    const kid = agreedKid(ring, others);
    if (kid !== ring.currentKid) log.info({ kid, first: ring.kids[0] }, 'secrets are sealed with this key from now on');
    await hosts.noteKey({ kid, fingerprint: ring.fingerprint(kid) as string }, sql);
    await hosts.save({ id: this.#id, name: `${hostname()}/${process.pid}`, kids: ring.kids, sealsWith: kid }, sql);
    ring.sealWith(kid);
  }

  async #rotate(): Promise<void> {
    const { rotation, log } = this.#parts;
    log.info('a rotation of keys was left unfinished and is taken up');
    try {
      const { total, unreadable } = await rotation.run({ signal: this.#stop.signal, share: SHARE });
      if (!this.#stop.signal.aborted) log.info({ total, unreadable }, 'a rotation of keys was brought to its end');
    } catch (error) {
      log.warn({ err: error }, 'a rotation of keys could not be brought to its end');
    } finally {
      this.#rotating = undefined;
    }
  }
}

/** The first key of the ring that every other host can open; the first of all where there is none. */
function agreedKid({ kids }: Pick<KeyRing, 'kids'>, others: readonly Pick<Host, 'kids'>[]): string {
  return kids.find((kid) => others.every((host) => host.kids.includes(kid))) ?? (kids[0] as string);
}

/**
 * A key that has sealed something must be there and be the same; one that seals nothing any more is forgotten.
 * @throws ConfigError naming the key, and where it is needed
 */
export async function requireKeys(
  { ring, hosts, sealed }: Pick<RingWatchOptions, 'ring' | 'hosts' | 'sealed'>,
  sql: Sql,
): Promise<void> {
  for (const { kid, fingerprint } of await hosts.knownKeys(sql)) {
    const own = ring.fingerprint(kid);
    if (own === fingerprint) continue;
    const held = heldUnder(await census(sealed), kid);
    if (held !== '') throw new ConfigError(missingKey(kid, held, own !== undefined));
    await hosts.forgetKey(kid, sql);
  }
}

function missingKey(kid: string, held: string, isOther: boolean): string {
  const problem = isOther ? `HUB_KEYS gives the name "${kid}" to another key than the one` : `HUB_KEYS lacks the key "${kid}",`;
  return `${problem} under which secrets are sealed (${held}); put that key back, last in the list, and run hub keys rotate before it goes.`;
}
