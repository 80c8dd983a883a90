import type { Jobs } from '../database/jobs.ts';
import type { Sql } from '../database/transaction.ts';
import type { Log } from '../log.ts';
import type { Mail } from '../mail/mail.ts';
import type { WordsIn } from '../mail/words.ts';
import type { ChoiceStore, MailedBefore, Recipient } from './choice-store.ts';
import type { Incident, IncidentStore, NewIncident } from './incident-store.ts';
import { noteIncidents } from './incidents.ts';
import type { NoticeLinks } from './notice-links.ts';
import { noticeMail, type Occasion } from './notice-mail.ts';
import type { Occurrence, OccurrenceStore } from './occurrence-store.ts';

export interface NoticesOptions {
  readonly occurrences: OccurrenceStore;
  readonly incidents: IncidentStore;
  readonly choices: ChoiceStore;
  readonly links: NoticeLinks;
  readonly mail: Pick<Mail, 'send'>;
  readonly jobs: Jobs;
  readonly titleOf: (pluginId: string) => string;
  readonly wordsIn: WordsIn;
  /** Ids of the plugins whose providers call. */
  readonly calling: () => readonly string[];
  /** Tells a store's own systems, in the same transaction. */
  readonly publish: (occurrence: Occurrence, sql: Sql) => Promise<void>;
  readonly log: Log;
  /** So that what breaks together is told together. Default 10 s. */
  readonly gatherMs?: number | undefined;
}

const QUEUE = 'notices';
const SILENCE = 'silence';
const BATCH = 200;
/** Told of in one hour; the next ones follow in the next. */
const MOST_SILENT = 1000;
const GATHER_MS = 10_000;
const BETWEEN_MAILS_MS = 15 * 60_000;
const DAY_MS = 86_400_000;
/** Summaries are read in the morning. */
const DIGEST_HOUR_UTC = 6;

/** Reads what happened, keeps account of what is broken, and tells those who want to know. */
export class Notices {
  readonly #parts: NoticesOptions;
  #reading: Promise<void> | undefined;
  readonly #gatherMs: number;
  #again = false;

  constructor(parts: NoticesOptions) {
    this.#parts = parts;
    this.#gatherMs = parts.gatherMs ?? GATHER_MS;
    parts.jobs.define(QUEUE, { concurrency: 1, retryLimit: 0, policy: 'stately' }, () => this.work());
    parts.jobs.every(QUEUE, '* * * * *');
    parts.jobs.define(SILENCE, { concurrency: 1, retryLimit: 0, policy: 'exclusive' }, () => this.listen());
    parts.jobs.every(SILENCE, '23 * * * *');
  }

  /** Something has happened; whoever calls need not wait. */
  wake(): void {
    this.#again = true;
    this.#reading ??= this.#readAll().finally(() => {
      this.#reading = undefined;
      if (this.#again) this.wake();
    });
  }

  /** What a minute asks for: what was not heard of, and mails that are due. */
  async work(now = new Date()): Promise<void> {
    while ((await this.read()) === BATCH);
    await this.tell(now);
  }

  /** @returns how many occurrences there were, at most {@link BATCH} */
  async read(): Promise<number> {
    const { occurrences, incidents, publish, jobs } = this.#parts;
    const count = await occurrences.alone(async (sql) => {
      const taken = await occurrences.take(sql, BATCH);
      for (const occurrence of taken) {
        await noteIncidents(incidents, occurrence, sql);
        await publish(occurrence, sql);
      }
      return taken.length;
    });
    if (count > 0) await jobs.send(QUEUE, {}, { startAfter: new Date(Date.now() + this.#gatherMs) });
    return count;
  }

  /** Mails whoever has something to hear: at once, but not more than one mail per store in 15 minutes; or as a summary once a day. */
  async tell(now = new Date()): Promise<void> {
    const { occurrences, choices, incidents } = this.#parts;
    await occurrences.alone(async (sql) => {
      for (const recipient of await choices.waiting(sql, mailedBefore(now))) {
        const daily = recipient.mode === 'daily';
        const untold = await incidents.untold(sql, recipient.storeId, { after: recipient.toldUntil, mended: daily });
        const [newest] = untold.slice(-1);
        if (!newest || (!daily && now.getTime() - newest.notedAt.getTime() < this.#gatherMs / 2 && untold.length < BATCH))
          continue;
        await this.#mail(sql, { recipient, untold, occasion: daily ? 'daily' : 'now', now });
      }
      await this.#remind(sql, now);
    });
  }

  /** What did not come from an occurrence. */
  async open(incident: NewIncident): Promise<void> {
    await this.#parts.occurrences.alone((sql) => this.#parts.incidents.open(incident, sql));
  }

  /** When somebody asks for it. @returns how many people are written to */
  async remind({ id, message, ...named }: Asked): Promise<number> {
    const { occurrences, choices, mail } = this.#parts;
    return occurrences.alone(async (sql) => {
      const recipients = await choices.ofStores(sql, [named.storeId]);
      const now = new Date();
      const times = { since: now, notedAt: now, endedAt: null };
      const incident: Incident = { ...named, ...times, id, about: id, kind: 'needs-attention', part: '', reason: null, message };
      for (const recipient of recipients) {
        await mail.send(noticeMail(this.#parts, { recipient, incidents: [incident], occasion: 'asked' }), sql);
      }
      return recipients.length;
    });
  }

  /** Looks for providers that used to call and do not any more. */
  async listen(): Promise<void> {
    const { incidents, calling, log } = this.#parts;
    await incidents.heardAgain();
    await incidents.forget();
    for (const { id: about, ...silent } of await incidents.silent(calling(), MOST_SILENT)) {
      try {
        await this.open({ ...silent, kind: 'silent', about });
      } catch (error) {
        log.warn({ integration: about, err: error }, 'that it has fallen silent could not be noted');
      }
    }
  }

  async #readAll(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        while ((await this.read()) === BATCH);
      } catch (error) {
        this.#parts.log.warn({ err: error }, 'what happened could not be read; it is read within a minute');
      }
    }
  }

  async #remind(sql: Sql, now: Date): Promise<void> {
    const { choices, incidents } = this.#parts;
    const forgotten = await incidents.forgotten(sql, now);
    if (forgotten.length === 0) return;
    const recipients = await choices.ofStores(sql, [...new Set(forgotten.map(({ storeId }) => storeId))]);
    for (const recipient of recipients) {
      const untold = forgotten.filter(({ storeId }) => storeId === recipient.storeId);
      await this.#mail(sql, { recipient, untold, occasion: 'reminder', now });
    }
    await incidents.reminded(sql, forgotten, now);
  }

  async #mail(sql: Sql, { recipient, untold, occasion, now }: Telling): Promise<void> {
    const { mail, choices } = this.#parts;
    await mail.send(noticeMail(this.#parts, { recipient, incidents: untold, occasion }), sql);
    const until = occasion === 'reminder' ? recipient.toldUntil : (untold.at(-1)?.notedAt ?? recipient.toldUntil);
    await choices.told(sql, recipient, { until, at: now });
  }
}

/** An integration to be connected again. */
interface Asked {
  readonly storeId: string;
  readonly id: string;
  readonly pluginId: string;
  readonly name: string;
  readonly message: string;
}

interface Telling {
  readonly recipient: Recipient;
  readonly untold: readonly Incident[];
  readonly occasion: Occasion;
  readonly now: Date;
}

function mailedBefore(now: Date): MailedBefore {
  const daily = now.getUTCHours() >= DIGEST_HOUR_UTC;
  return {
    dailyBefore: daily ? new Date(now.getTime() - DAY_MS + BETWEEN_MAILS_MS) : null,
    otherwiseBefore: new Date(now.getTime() - BETWEEN_MAILS_MS),
  };
}
