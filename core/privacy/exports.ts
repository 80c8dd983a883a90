import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import type { DataSource } from 'typeorm';
import { validate } from 'uuid';
import type { Audit } from '../access/audit.ts';
import type { Principal } from '../access/principal.ts';
import type { Job } from '../database/job.ts';
import type { Jobs } from '../database/jobs.ts';
import type { Paging } from '../database/list-page.ts';
import type { Log } from '../log.ts';
import { hubError, NotFound, Rejected, TryLater } from '../sdk/errors.ts';
import { noteOn, writeArchive } from './export-archive.ts';
import type { Attempt, ExportStore, StoreExport } from './export-store.ts';

export interface ExportsOptions {
  readonly exports: ExportStore;
  readonly audit: Audit;
  readonly jobs: Jobs;
  readonly log: Log;
  /** One connection that waits as long as it takes; closed by who asked. */
  openPatient(): Promise<DataSource>;
  /** Sorts in the messages that were accepted for a store up to now; what does not get its turn is exported as it is. */
  sortedIn(storeId: string, signal: AbortSignal): Promise<void>;
}

interface By {
  readonly principal: Principal;
  readonly ip: string | undefined;
}

const QUEUE = 'store-export';
/** Archives of a store that are kept at once: each is as large as the store. */
const MOST_KEPT = 5;
/** So often an export is begun, should each worker die over it; the queue gives it out once more, to be given up. */
const TRIES = 4;
const PART_BYTES = 1024 * 1024;
/** Progress is written down so often, and a cancellation heard of. */
const TELL_MS = 1000;

const GIVEN_UP = `The hub stopped in the midst of it ${TRIES} times; make another one when the hub runs steadily.`;

class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** Everything a store holds as an archive, made in the background and kept for a day. */
export class Exports {
  readonly #parts: ExportsOptions;

  constructor(parts: ExportsOptions) {
    this.#parts = parts;
    const options = { concurrency: 1, retryLimit: TRIES, expireInSeconds: 6 * 3600, heartbeatSeconds: 60 };
    parts.jobs.define(QUEUE, options, (job: Job<{ storeId: string; id: string }>) => this.#run(job));
    parts.jobs.define('store-export-sweep', { concurrency: 1, retryLimit: 0, policy: 'exclusive' }, () => parts.exports.sweep());
    parts.jobs.every('store-export-sweep', '23 * * * *');
  }

  /** @throws Rejected (`CONFLICT`) while another one is under way, TryLater while too many are kept */
  async begin(storeId: string, { principal, ip }: By): Promise<StoreExport> {
    const { exports, audit, jobs } = this.#parts;
    return exports.transaction(async (sql) => {
      const made = await exports.insert(sql, storeId, principal.email);
      if (!made) throw new Rejected('An export of this store is under way; wait for it, or cancel it.', { code: 'CONFLICT' });
      if ((await exports.countKept(sql, storeId)) >= MOST_KEPT) {
        const message = `${MOST_KEPT} archives of this store are kept; the oldest goes a day after it was made.`;
        throw new TryLater(message, { code: 'RATE_LIMIT_EXCEEDED', afterSeconds: 3600 });
      }
      await audit.record({ storeId, principal, ip, action: 'store.export', target: made.id }, sql);
      await jobs.send(QUEUE, { storeId, id: made.id }, { sql });
      return made;
    });
  }

  page(storeId: string, paging: Paging): ReturnType<ExportStore['page']> {
    return this.#parts.exports.page(storeId, paging);
  }

  /** @throws NotFound */
  async get(storeId: string, id: string): Promise<StoreExport> {
    const found = validate(id) ? await this.#parts.exports.find(storeId, id) : undefined;
    if (found) return found;
    throw new NotFound('There is no such export of this store; list its exports to see which there are.');
  }

  /** @throws Rejected (`CONFLICT`) when it has ended */
  async cancel(storeId: string, id: string, { principal, ip }: By): Promise<StoreExport> {
    const { id: target } = await this.get(storeId, id);
    if (!(await this.#parts.exports.cancel(storeId, target))) {
      throw new Rejected('This export has ended; there is nothing to cancel.', { code: 'CONFLICT' });
    }
    await this.#parts.audit.record({ storeId, principal, ip, action: 'store.export-cancel', target });
    return this.get(storeId, target);
  }

  /**
   * The archive, piece after piece.
   * @throws NotFound when it is gone, Rejected (`CONFLICT`) when it is not (or never will be) there
   */
  async open(
    storeId: string,
    id: string,
    { principal, ip }: By,
  ): Promise<{ export: StoreExport; pieces: AsyncGenerator<Buffer, void> }> {
    const found = await this.get(storeId, id);
    if (found.status !== 'done') throw new Rejected('This export is not ready; see its status.', { code: 'CONFLICT' });
    if (found.expiresAt && found.expiresAt.getTime() <= Date.now()) {
      throw new NotFound('This archive was kept for a day and is gone; make a new one.');
    }
    await this.#parts.audit.record({ storeId, principal, ip, action: 'store.export-download', target: found.id });
    return { export: found, pieces: this.#parts.exports.parts(storeId, found.id) };
  }

  async #run({ data: { storeId, id }, signal }: Job<{ storeId: string; id: string }>): Promise<void> {
    const attempt = await this.#parts.exports.begin(storeId, id);
    if (!attempt) return;
    if (attempt.attempt > TRIES) return this.#parts.exports.fail(attempt, GIVEN_UP);
    try {
      await this.#write(attempt, signal);
    } catch (error) {
      if (error instanceof Cancelled) return;
      // A hub that stops gives it to another one.
      if (signal.aborted) throw error;
      this.#parts.log.error({ err: error, store: storeId, export: id }, 'an export of a store failed');
      await this.#parts.exports.fail(attempt, hubError(error)?.message ?? 'It failed for a reason of ours; the log says more.');
    }
  }

  async #write(attempt: Attempt, signal: AbortSignal): Promise<void> {
    const { exports, openPatient, sortedIn } = this.#parts;
    await sortedIn(attempt.storeId, signal);
    const dataSource = await openPatient();
    const stop = new AbortController();
    const teller = this.#teller(attempt, stop);
    try {
      const hash = createHash('sha256');
      const to = intoParts(hash, (part) => exports.keepPart(attempt, part));
      const both = AbortSignal.any([signal, stop.signal]);
      const files = await writeArchive({ dataSource, storeId: attempt.storeId, to, signal: both, onProgress: teller.tell });
      const rows = files.reduce((sum, file) => sum + file.rows, 0);
      await exports.finish(attempt, { rows, sha256: hash.digest('hex'), message: noteOn(files) });
    } finally {
      teller.end();
      await dataSource.destroy();
    }
  }

  /** Writes progress down now and then; where that finds it cancelled, the work stops. */
  #teller(attempt: Attempt, stop: AbortController) {
    let latest: Parameters<ExportStore['progress']>[1] | undefined;
    const timer = setInterval(() => {
      if (!latest) return;
      const told = this.#parts.exports.progress(attempt, latest);
      told.then((goes) => goes || stop.abort(new Cancelled('cancelled'))).catch(() => undefined);
    }, TELL_MS);
    return { tell: (progress: NonNullable<typeof latest>) => (latest = progress), end: () => clearInterval(timer) };
  }
}

/** Cuts what comes into pieces of a megabyte and keeps each before it takes more. */
function intoParts(
  hash: ReturnType<typeof createHash>,
  keep: (part: { number: number; bytes: Buffer }) => Promise<boolean>,
): Writable {
  let waiting: Buffer[] = [];
  let size = 0;
  let number = 0;
  const flush = async () => {
    if (size === 0) return;
    const bytes = Buffer.concat(waiting);
    [waiting, size] = [[], 0];
    if (!(await keep({ number, bytes }))) throw new Cancelled('cancelled');
    number += 1;
  };
  return new Writable({
    write(chunk: Buffer, _encoding, next) {
      hash.update(chunk);
      waiting.push(chunk);
      size += chunk.length;
      if (size < PART_BYTES) return next();
      flush().then(() => next(), next);
    },
    final(next) {
      flush().then(() => next(), next);
    },
  });
}
