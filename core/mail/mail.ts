import { v7 } from 'uuid';
import type { Job } from '../database/job.ts';
import type { Jobs } from '../database/jobs.ts';
import type { Sql } from '../database/transaction.ts';
import type { Log } from '../log.ts';
import { NotFound } from '../sdk/errors.ts';
import { nextTry } from './backoff.ts';
import type { Letters, Wording } from './letters.ts';
import type { MailStore } from './mail-store.ts';
import { NotPosted, type Post, type PostMode } from './post.ts';
import type { MailTemplate } from './templates.ts';

export interface NewMail<T extends MailTemplate = MailTemplate> extends Wording<T> {
  readonly to: string;
  /** For a recipient whose language is not known: that of whoever causes the mail. */
  readonly locale?: string | undefined;
  /** Whose business it is; deleted with the store. */
  readonly storeId?: string | undefined;
}

interface Place {
  readonly store: string;
  readonly owner: string;
  readonly field: string;
}

export interface MailOptions {
  readonly mails: MailStore;
  readonly letters: Letters;
  readonly post: Post;
  /** What a mail says may hold a link that opens something: it is sealed until it is sent. */
  readonly vault: { seal(place: Place, plain: string): Promise<string>; open(place: Place, sealed: string): Promise<string> };
  readonly jobs: Jobs;
  /** In which language somebody reads; undefined for who never read a page here. */
  readonly languageOf: (email: string, sql: Sql) => Promise<string | undefined>;
  readonly publicUrl: string;
  readonly log: Log;
}

const QUEUE = 'mail';
const UPKEEP = 'mail-upkeep';

/** Mails on their way out: kept with what caused them, sent by a job, tried again for about a day. */
export class Mail {
  readonly #parts: MailOptions;

  constructor(parts: MailOptions) {
    this.#parts = parts;
    parts.jobs.define<{ id: string }>(QUEUE, { concurrency: 3, expireInSeconds: 180 }, (job) => this.#deliver(job));
    parts.jobs.define(UPKEEP, { concurrency: 1, retryLimit: 0, policy: 'exclusive' }, () => this.#upkeep());
    parts.jobs.every(UPKEEP, '7,37 * * * *');
  }

  /** `off`: nothing goes out, so that a link must be shown instead. */
  get mode(): PostMode {
    return this.#parts.post.mode;
  }

  /**
   * Queues it; with `sql` as part of that transaction.
   * @returns its id
   */
  async send<T extends MailTemplate>({ to, storeId, ...said }: NewMail<T>, sql?: Sql): Promise<string> {
    if (!sql) return this.#parts.mails.transaction((own) => this.send({ to, storeId, ...said }, own));
    const { mails, letters, vault, jobs, languageOf } = this.#parts;
    const wording = { ...said, locale: (await languageOf(to, sql)) ?? said.locale };
    const id = v7();
    const { subject } = letters.write(wording);
    const sealed = await vault.seal(placeOf(id), JSON.stringify(wording));
    await mails.insert(sql, { id, storeId, recipient: to, template: wording.template, subject, sealed });
    await jobs.send(QUEUE, { id }, { sql, priority: 10 });
    return id;
  }

  /** @throws NotFound for one that did not fail, or whose words are gone */
  async sendAgain(id: string): Promise<string> {
    const { mails, jobs } = this.#parts;
    return mails.transaction(async (sql) => {
      const mail = await mails.revive(sql, id);
      if (!mail) throw new NotFound('This mail cannot be sent again: it has been sent, or what it said is gone.');
      await jobs.send(QUEUE, { id }, { sql });
      return mail.recipient;
    });
  }

  async #deliver({ data: { id } }: Job<{ id: string }>): Promise<void> {
    const { mails, log } = this.#parts;
    const mail = await mails.waiting(id);
    if (!mail) return;
    const failed = await this.#post(id, mail).catch((error: unknown) => error);
    if (failed === undefined) return mails.sent(id);
    const { message, final } =
      failed instanceof NotPosted ? failed : { message: 'It could not be written; the log says more.', final: true };
    if (!(failed instanceof NotPosted)) log.error({ mail: id, err: failed }, 'a mail could not be written');
    const nextTryAt = final ? undefined : nextTry(mail.attempts + 1);
    await this.#again(id, message, nextTryAt);
    log.warn({ mail: id, template: mail.template, attempt: mail.attempts + 1, reason: message, nextTryAt }, 'mail not sent');
  }

  async #again(id: string, reason: string, nextTryAt: Date | undefined): Promise<void> {
    const { mails, jobs } = this.#parts;
    await mails.transaction(async (sql) => {
      await mails.failed(sql, id, { reason, nextTryAt });
      if (nextTryAt) await jobs.send(QUEUE, { id }, { sql, startAfter: nextTryAt });
    });
  }

  async #post(id: string, { sealed, recipient }: { sealed: string; recipient: string }): Promise<void> {
    const { vault, post } = this.#parts;
    const wording = JSON.parse(await vault.open(placeOf(id), sealed)) as Wording;
    await post.send({ ...this.#message(id, wording), to: { name: '', address: recipient } });
  }

  #message(id: string, wording: Wording) {
    const { letters, publicUrl } = this.#parts;
    const { subject, text, html } = letters.write(wording);
    // The same for every attempt, so that a mail whose thanks were lost arrives once.
    const messageId = `<${id}@${new URL(publicUrl).hostname}>`;
    const { unsubscribeUrl } = wording;
    const headers = {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      // RFC 8058: one click, without a login and without a question.
      ...(unsubscribeUrl && {
        'List-Unsubscribe': `<${unsubscribeUrl}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      }),
    };
    return { subject, text, html, messageId, headers };
  }

  async #upkeep(): Promise<void> {
    const { mails, jobs } = this.#parts;
    await mails.forget();
    for (const id of await mails.overdue()) await jobs.send(QUEUE, { id });
  }
}

function placeOf(id: string): Place {
  return { store: 'hub', owner: `mail:${id}`, field: 'vars' };
}
