import type { Sql } from '../database/transaction.ts';
import type { Lanes } from '../egress/lanes.ts';
import type { Contexts, OpenContext } from '../integrations/context.ts';
import { notActive } from '../integrations/integration.ts';
import type { Integration } from '../integrations/integration-store.ts';
import { during } from '../plugins/life.ts';
import type { RecordStore } from '../records/record-store.ts';
import type { Checkpoint, Page } from '../sdk/index.ts';
import { type Choice, checkChoice, choiceOf, isOtherChoice } from './choice.ts';
import { LoopGuard } from './loop-guard.ts';
import { type CheckedPage, checkedPage, failureOf } from './page.ts';
import type { Work } from './run-work.ts';
import type { RunWorkStore } from './run-work-store.ts';
import { oneStream, type Syncable, tracksDeletions } from './streams.ts';
import type { Watch } from './watch.ts';

export interface PassParts {
  readonly work: RunWorkStore;
  readonly records: RecordStore;
  readonly contexts: Pick<Contexts, 'forIntegration'>;
  /** Shared by the runs of a process. */
  readonly lanes: Lanes;
  /** For one page. */
  readonly pageMs: number;
}

/** Pages written at a time in a process: each run has its turn, and other work finds a connection. */
const WRITERS = 4;

export interface WasRead {
  /** As it has become: a full run where the settings chose other records than before. */
  readonly work: Work;
  readonly stream: Syncable;
  /** `ctx.config` of its handlers. */
  readonly config: unknown;
}

interface Keeping {
  /** It brings records that no page of the run has brought yet. */
  readonly fresh: boolean;
  /** The run notes what it meets. */
  readonly tracked: boolean;
  readonly choice: Choice | undefined;
  /** @throws Rechosen */
  readonly check: (sql: Sql) => Promise<void>;
}

/** The run was cancelled; what was kept until then stays. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** Reads a stream from where the run stands to its end, each page in one transaction. */
export class Pass {
  readonly #parts: PassParts;
  #work: Work;
  readonly #watch: Watch;
  /** The database's, when the page that is under way was asked for. */
  #asked = '';
  /** Where that page was asked for. */
  #at: Checkpoint | null = null;
  #again: { readonly from: Checkpoint | null } | undefined;

  constructor(parts: PassParts, work: Work, watch: Watch) {
    this.#parts = parts;
    this.#work = work;
    this.#watch = watch;
  }

  /**
   * @returns the stream of the generation that was read, and the settings it was read with
   * @throws what the plugin threw, Cancelled, Rechosen, or RunLost
   */
  async read(integration: Integration): Promise<WasRead> {
    const { contexts, pageMs } = this.#parts;
    const { signal } = this.#watch;
    const open = await contexts.forIntegration(integration, { signal, timeoutMs: pageMs, priority: 'background' });
    // One call from its first page to its last: what the generator keeps between pages must outlive a swap.
    return during(open.plugin, () => this.#pages(open, integration));
  }

  async #pages(open: OpenContext, integration: Integration): Promise<WasRead> {
    const stream = oneStream(open.plugin, this.#work.stream);
    const choice = choiceOf(stream, open.ctx.config);
    const { from, resumed } = await this.#from(choice);
    const tracked = tracksDeletions(stream, this.#work);
    if (tracked && !resumed) await this.#parts.work.begin(this.#work, from);
    this.#at = from;
    this.#asked = await this.#parts.records.now();
    const pages = await open.run(() => stream.sync(open.ctx, from), `sync of ${this.#work.stream}`);
    const check = async (sql: Sql): Promise<void> => {
      if (choice) checkChoice(stream, integration.config, await this.#parts.work.settings(sql, this.#work));
    };
    const guard = new LoopGuard(open.manifest.name, from);
    const turn = { most: WRITERS, signal: this.#watch.signal };
    try {
      for (;;) {
        const page = await this.#next(open, pages);
        if (!page) return { stream, config: open.ctx.config, work: this.#work };
        const { fresh } = guard.check(page);
        await this.#parts.lanes.run('pages', turn, () => this.#keep(page, { fresh, tracked, choice, check }));
      }
    } finally {
      // Not awaited: a generator that hangs in a page would never answer.
      pages.return?.().catch(() => undefined);
    }
  }

  /** A full run begins anew, save where it goes on itself (`resumed`) after its worker died. */
  async #from(choice: Choice | undefined): Promise<{ from: Checkpoint | null; resumed: boolean }> {
    const checkpoint = await this.#parts.work.checkpoint(this.#work);
    if (!checkpoint) return { from: null, resumed: false };
    if (isOtherChoice(checkpoint.followed, choice)) {
      await this.#beginAnew();
      return { from: null, resumed: false };
    }
    const resumed = checkpoint.runId === this.#work.id && !checkpoint.complete;
    if (resumed) return { from: checkpoint.value, resumed };
    return { from: this.#work.mode === 'full' ? null : checkpoint.next, resumed };
  }

  async #beginAnew(): Promise<void> {
    const { work: store, records } = this.#parts;
    this.#work = await store.transaction(async (sql) => {
      await records.forgetSeen(sql, this.#work.storeId, this.#work.id);
      return store.beginAnew(sql, this.#work);
    });
  }

  #next(open: OpenContext, pages: AsyncGenerator<Page, void>): Promise<CheckedPage | undefined> {
    return open.run(async () => {
      const next = await pages.next();
      return next.done ? undefined : checkedPage(next.value, this.#work.stream, open.mask);
    }, `sync of ${this.#work.stream}`);
  }

  /** Of pages that bring nothing new the position is not kept: should it come to nothing, the next run must not begin there. */
  async #keep(page: CheckedPage, { fresh, tracked, choice, check }: Keeping): Promise<void> {
    const { items, failed, notes, checkpoint, total } = page;
    const { work: store, records } = this.#parts;
    const { storeId, integrationId, stream, id } = this.#work;
    const scope = { storeId, integrationId, stream };
    const { cancelled, now } = await store.transaction(async (sql) => {
      const saved = await records.savePage(sql, scope, { items, began: this.#asked });
      const failures = [...failed, ...saved.failed.map((failure) => failureOf(failure))];
      if (tracked)
        await records.seen(
          sql,
          scope,
          id,
          [...items, ...failed].map((item) => item.id),
        );
      // What was left out may be newer than what is here: the next run reads it again.
      if (saved.older > 0) this.#again ??= { from: this.#at };
      if (fresh) await store.keepCheckpoint(sql, this.#work, { value: checkpoint, again: this.#again?.from, choice });
      await check(sql);
      const { written, unchanged, deleted, older } = saved;
      const seen = written + unchanged + deleted + older + failures.length;
      const counts = { seen, written, unchanged, deleted, older };
      const progress = await store.progress(sql, this.#work, { ...counts, failures, notes, total });
      // It was disconnected meanwhile: its records may be gone already and must not come back.
      if (!progress.active) throw notActive('The connection was ended or paused during the sync.');
      return progress;
    });
    if (cancelled) throw new Cancelled();
    if (fresh) this.#at = checkpoint;
    // The next one is asked for at once.
    this.#asked = now;
  }
}
