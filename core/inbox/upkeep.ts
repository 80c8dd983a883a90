import type { Log } from '../log.ts';
import type { EventClaimStore } from './claim-store.ts';
import type { EventStore } from './event-store.ts';
import type { TrayStore } from './tray-store.ts';
import type { UpkeepStore } from './upkeep-store.ts';

export interface UpkeepOptions {
  readonly claims: Pick<EventClaimStore, 'releasable'>;
  readonly events: Pick<EventStore, 'release'>;
  readonly trays: Pick<TrayStore, 'attach' | 'attachable'>;
  readonly upkeep: UpkeepStore;
  readonly log: Log;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What an inbox needs now and then, by whichever worker comes to it. */
export class Upkeep {
  readonly #parts: UpkeepOptions;
  #timers: NodeJS.Timeout[] = [];

  constructor(parts: UpkeepOptions) {
    this.#parts = parts;
  }

  start(): void {
    this.#timers = [setInterval(() => void this.mend(), MINUTE_MS), setInterval(() => void this.turnDays(), HOUR_MS)];
    void this.turnDays();
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** Mends what a host that died between two steps left behind, and what came just while an integration was connected. */
  async mend(): Promise<void> {
    const { claims, events, trays, log } = this.#parts;
    try {
      for (const { storeId, integrationId } of await claims.releasable()) await events.release(storeId, integrationId);
      for (const attach of await trays.attachable()) await trays.attach(attach);
    } catch (error) {
      log.warn({ err: error }, 'the inbox could not be tidied');
    }
  }

  /** Makes the days ahead and lets go of what nobody keeps any more, which is written down. */
  async turnDays(): Promise<void> {
    const { upkeep, log } = this.#parts;
    try {
      const made = await upkeep.prepareDays();
      if (made.length > 0) log.info({ made }, 'days of the inbox made');
      for (const { day, counts } of await upkeep.dropDays())
        log.info({ day, counts }, 'a day of the inbox dropped: its time is over');
      const removed = await upkeep.removeOld();
      if (removed > 0) log.info({ removed }, 'events removed: their time is over in their store');
      await upkeep.forgetSeen();
    } catch (error) {
      log.warn({ err: error }, 'the days of the inbox could not be turned; the next hour tries again');
    }
  }
}
