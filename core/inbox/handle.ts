import type { Sql } from '../database/transaction.ts';
import type { Contexts } from '../integrations/context.ts';
import type { Effects } from '../integrations/effects.ts';
import type { Integration, IntegrationStore } from '../integrations/integration-store.ts';
import type { Log } from '../log.ts';
import type { Claim } from './claim.ts';
import type { EventClaimStore } from './claim-store.ts';
import { INBOX_CHANNEL } from './event-channel.ts';
import type { EventStore } from './event-store.ts';
import { indexed } from './event-text.ts';
import { EventHandler } from './handler.ts';
import { Handoffs } from './handoff.ts';
import { InHand } from './in-hand.ts';
import { Listener } from './listener.ts';
import { Settlement } from './settlement.ts';
import { Sorting } from './sorting.ts';
import type { SpoolStore } from './spool-store.ts';
import type { TrayStore } from './tray-store.ts';
import { Upkeep } from './upkeep.ts';
import type { UpkeepStore } from './upkeep-store.ts';

export interface InboxWorkerOptions {
  readonly events: EventStore;
  readonly claims: EventClaimStore;
  readonly spool: SpoolStore;
  readonly trays: TrayStore;
  readonly upkeep: UpkeepStore;
  readonly integrations: IntegrationStore;
  readonly contexts: Pick<Contexts, 'forIntegration'>;
  readonly effects: Pick<Effects, 'apply'>;
  /** For LISTEN, which needs a connection of its own. */
  readonly databaseUrl: string;
  readonly log: Log;
  /** Events in hand at once, a sixteenth of them only those that are handed over as they are stored. Default 128. */
  readonly concurrency?: number;
  /** Of these, claimed ones of one integration. Default 16: the burst of one leaves room for the others. */
  readonly share?: number;
  /** For one call of `onEvent`. Default 30 s. */
  readonly deadlineMs?: number;
  /** A worker silent for this long has lost its events. Default 10 s. */
  readonly leaseMs?: number;
  /** Retries come due without a NOTIFY. Default 2 s. */
  readonly pollMs?: number;
  /** When stopping, events in hand may end by themselves for this long; then they are given back. Default 5 s. */
  readonly graceMs?: number;
}

const LEASE_MS = 10_000;
/** Time to write the outcome of what was aborted. */
const OBEY_MS = 2000;
const DAY_MS = 86_400_000;

/** Works through the inbox. `start` and `stop` belong to worker processes; the rest may be called in any process. */
export class InboxWorker {
  readonly #parts: InboxWorkerOptions;
  readonly #handler: EventHandler;
  readonly #listener: Listener;
  readonly #inHand: InHand;
  readonly #handoffs: Handoffs;
  readonly #upkeep: Upkeep;
  readonly #sorting: Sorting;
  readonly #stopping = new AbortController();
  #timers: NodeJS.Timeout[] = [];
  #running = false;
  #claiming: Promise<void> = Promise.resolve();
  #isClaiming = false;
  #again = false;
  #isWaking = false;
  /** With nothing in hand it found nothing to claim, and was told of nothing since. */
  #isCalm = false;
  /** When it is looked again for what was abandoned, by `performance.now()`. */
  #nextLook = 0;

  constructor(parts: InboxWorkerOptions) {
    const { events, claims, integrations, contexts, effects, log, databaseUrl, deadlineMs = 30_000, leaseMs = LEASE_MS } = parts;
    this.#parts = parts;
    const settlement = new Settlement({ claims, integrations, effects });
    this.#handler = new EventHandler({ claims, integrations, contexts, settlement, log, deadlineMs });
    this.#upkeep = new Upkeep(parts);
    this.#sorting = new Sorting({ spool: parts.spool, log, again: () => this.#running && this.wake() });
    // The next event of the same object may go now. Behind one that was handed over to a calm worker there is none.
    const onDone = () => this.#isCalm || this.#wakeSoon();
    this.#inHand = new InHand({ claims, leaseMs, concurrency: parts.concurrency, onDone });
    this.#handoffs = new Handoffs({
      integrations,
      leaseMs,
      hasHand: (integrationId, promised) => this.#running && this.#inHand.hasHand(integrationId, promised),
      take: (claim, read) => this.#inHand.take(claim, this.#handler.handle(claim, this.#stopping.signal, read), true),
    });
    const onNotify = (origin?: string) => void (origin !== events.origin && this.#told());
    this.#listener = new Listener({ url: databaseUrl, channel: INBOX_CHANNEL, onNotify, log });
  }

  start(): void {
    this.#running = true;
    this.#listener.start();
    this.#upkeep.start();
    // This process needs no notification of its own.
    this.#parts.events.handTo({
      offer: (event) => this.#handoffs.offer(event),
      stored: (isSpooled) => (isSpooled ? this.#told() : this.wake()),
    });
    this.#timers = [
      setInterval(() => this.#told(), this.#parts.pollMs ?? 2000),
      setInterval(() => void this.#holdOn(), (this.#parts.leaseMs ?? LEASE_MS) / 4),
    ];
    this.#told();
  }

  /** Takes no more events and waits for those in hand, at most 7 s. */
  async stop(): Promise<void> {
    const { graceMs = 5000 } = this.#parts;
    this.#running = false;
    this.#upkeep.stop();
    await this.#listener.stop();
    const abort = setTimeout(() => this.#stopping.abort(new Error('The hub is stopping.')), graceMs);
    let giveUp: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (giveUp = setTimeout(resolve, graceMs + OBEY_MS)));
    // What is being claimed just now is in hand a moment later.
    await Promise.race([Promise.all([this.#claiming, this.#handoffs.ended()]).then(() => this.#inHand.ended()), late]);
    for (const timer of this.#timers) clearInterval(timer);
    this.#sorting.stop();
    clearTimeout(abort);
    clearTimeout(giveUp);
  }

  /**
   * After a connection: hands over what came for its account just before. Older messages stay in the tray, because the
   * first sync, queued by the same connection, reads the account as it is now and they could only set it back.
   */
  async matchUnmatched({ storeId, id, pluginId, account, connectedAt, createdAt }: Integration, sql?: Sql): Promise<number> {
    if (!account) return 0;
    const since = new Date((connectedAt ?? createdAt).getTime() - DAY_MS);
    return this.#parts.trays.attach({ pluginId, account: indexed(account.externalId), storeId, integrationId: id, since }, sql);
  }

  /** Something may be due. */
  wake(): void {
    this.#again = true;
    this.#isCalm = false;
    if (!this.#isClaiming) this.#claiming = this.#claimAll();
  }

  /** Something was stored, here or elsewhere. */
  #told(): void {
    this.#sorting.told();
    this.wake();
  }

  /** What ends together leaves room together. */
  #wakeSoon(): void {
    if (this.#isWaking) return;
    this.#isWaking = true;
    setImmediate(() => {
      this.#isWaking = false;
      if (this.#running) this.wake();
    });
  }

  async #claimAll(): Promise<void> {
    const { claims, share = 16, leaseMs = LEASE_MS, log } = this.#parts;
    this.#isClaiming = true;
    try {
      while (this.#running && this.#again && this.#inHand.room > 0) {
        this.#again = false;
        const limit = this.#inHand.room;
        const abandoned = await this.#abandoned(limit);
        const wanted = { limit, share, leaseMs, inHand: this.#inHand.shares };
        const claimed = abandoned.length > 0 ? abandoned : await claims.claim(wanted);
        for (const claim of claimed) this.#inHand.take(claim, this.#handler.handle(claim, this.#stopping.signal));
        if (claimed === abandoned || claimed.length === limit || claims.behind) this.#again = true;
        if (await this.#sorting.run(claimed.length < limit, () => this.#inHand.atShare(share))) this.#again = true;
      }
      this.#isCalm = !this.#again && this.#inHand.size + this.#handoffs.size === 0;
    } catch (error) {
      // The next poll tries again; a database that is away is told of by everybody else.
      log.warn({ err: error }, 'the inbox could not be read');
    } finally {
      this.#isClaiming = false;
    }
  }

  /** Now and then first, so that it waits for no more than a lease, however much else does. */
  async #abandoned(limit: number): Promise<Claim[]> {
    const { claims, leaseMs = LEASE_MS } = this.#parts;
    if (performance.now() < this.#nextLook) return [];
    this.#nextLook = performance.now() + leaseMs / 4;
    return claims.claimAbandoned({ limit, leaseMs });
  }

  async #holdOn(): Promise<void> {
    try {
      await this.#inHand.renew();
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'events in hand could not be held on to; another worker may take them');
    }
  }
}
