import type { Jobs } from '../database/jobs.ts';
import type { Sql } from '../database/transaction.ts';
import { configDefaults } from '../integrations/context.ts';
import { notActive, whyInactive } from '../integrations/integration.ts';
import type { Integration, IntegrationStore } from '../integrations/integration-store.ts';
import type { Registry, RunnablePlugin } from '../plugins/registry.ts';
import { Rejected } from '../sdk/index.ts';
import { choiceOf, isOtherChoice } from './choice.ts';
import { sendRun } from './queue.ts';
import type { Run, RunsWanted } from './run.ts';
import type { RunMode, RunTrigger } from './run-entity.ts';
import type { RunStore, Waiting } from './run-store.ts';
import { DEFAULT_MINUTES, type ScheduleStore } from './schedule-store.ts';
import { chosen, oneStream, readable, readableStream } from './streams.ts';

export type { Run } from './run.ts';
export type { RunFailure, RunMode, RunStatus, RunTrigger } from './run-entity.ts';

export interface SyncsOptions {
  readonly runs: RunStore;
  readonly schedules: ScheduleStore;
  readonly integrations: IntegrationStore;
  readonly registry: Pick<Registry, 'require'>;
  readonly jobs: Jobs;
}

export interface SyncRequest {
  readonly integration: Integration;
  /** Default: every stream its owner chose. */
  readonly stream?: string;
  readonly trigger: RunTrigger;
  /** Default: the stream's own; `repair` reads everything. */
  readonly mode?: RunMode;
  /** Delete however many are gone; the run is a full one then. */
  readonly allowDeletions?: boolean;
  /** Whom to show as the one who asked. */
  readonly requestedBy?: string;
}

/** An integration whose settings were saved, and what they were. */
export interface Resettled {
  readonly integration: Integration;
  readonly before: Integration['config'];
}

export interface Schedule {
  readonly stream: string;
  readonly title: string;
  /** Null: switched off. */
  readonly everyMinutes: number | null;
  readonly nextRunAt: Date | undefined;
}

/** Off, a quarter of an hour, an hour, six hours, a day. */
export const SCHEDULE_CHOICES: readonly (number | null)[] = [null, 15, 60, 360, 1440];

/** Asking for syncs, looking at them, stopping them, and when they run by themselves. */
export class Syncs {
  readonly #parts: SyncsOptions;

  constructor(parts: SyncsOptions) {
    this.#parts = parts;
  }

  /**
   * Queues runs, in the caller's transaction where `sql` is given. A stream has one active run: where there is one already
   * it is returned.
   * @throws Rejected (`INTEGRATION_NOT_ACTIVE`), NotFound for a stream that cannot be synced, `PLUGIN_UNAVAILABLE`
   */
  async request(asked: SyncRequest, sql?: Sql): Promise<Run[]> {
    const inactive = whyInactive(asked.integration);
    if (inactive) throw notActive(inactive);
    const plugin = this.#parts.registry.require(asked.integration.pluginId);
    const streams = asked.stream === undefined ? chosen(plugin, asked.integration) : [asked.stream];
    for (const stream of streams) readableStream(plugin, stream, asked.integration.method);
    const queue = async (own: Sql) => {
      const runs: Run[] = [];
      for (const stream of streams) runs.push(await this.#open(own, { ...asked, stream }, plugin));
      return runs;
    };
    return sql ? queue(sql) : this.#parts.runs.transaction(queue);
  }

  /** Names of the streams for which the settings choose other records than `before`, where anything is synced at all. */
  following({ integration, before }: Resettled): string[] {
    if (whyInactive(integration)) return [];
    const plugin = this.#parts.registry.require(integration.pluginId);
    const defaults = configDefaults(plugin);
    return chosen(plugin, integration).filter((name) => {
      const stream = oneStream(plugin, name);
      const [former, present] = [before, integration.config].map((config) => choiceOf(stream, { ...defaults, ...config }));
      return isOtherChoice(former, present);
    });
  }

  /** Queues these. */
  async follow({ requestedBy, ...resettled }: Resettled & { requestedBy: string }, sql: Sql): Promise<Run[]> {
    const runs: Run[] = [];
    for (const stream of this.following(resettled)) {
      const asked: SyncRequest = { integration: resettled.integration, stream, trigger: 'settings', requestedBy };
      runs.push(...(await this.request(asked, sql)));
    }
    return runs;
  }

  /** Latest first. */
  async latest(storeId: string, integrationId: string, wanted: RunsWanted): Promise<Run[]> {
    return this.#parts.runs.latest(storeId, integrationId, wanted);
  }

  /** @throws NotFound */
  async run(storeId: string, runId: string): Promise<Run> {
    return this.#parts.runs.get(storeId, runId);
  }

  /**
   * A run that waits ends at once; one at work stops at its next page and keeps what it has.
   * @throws NotFound; Rejected (`CONFLICT`) for one that has ended
   */
  async cancel(storeId: string, runId: string): Promise<Run> {
    const run = await this.run(storeId, runId);
    const cancelled = await this.#parts.runs.cancel(storeId, runId);
    if (cancelled) return cancelled;
    throw new Rejected(`This sync of ${run.stream} has ended already; there is nothing to cancel.`, { code: 'CONFLICT' });
  }

  /** For an integration that is being disconnected. */
  async stop({ storeId, id }: Integration, sql?: Sql): Promise<void> {
    await this.#parts.runs.cancelAll(storeId, id, sql);
  }

  /** Every stream that can be synced, with the default where nobody has set anything. */
  async schedules(storeId: string, integrationId: string): Promise<Schedule[]> {
    const { plugin, method } = await this.#plugin(storeId, integrationId);
    const rows = new Map((await this.#parts.schedules.of(storeId, integrationId)).map((row) => [row.stream, row]));
    return readable(plugin, method).map(([stream, { title }]) => {
      const row = rows.get(stream);
      return { stream, title, everyMinutes: row ? row.everyMinutes : DEFAULT_MINUTES, nextRunAt: row?.nextRunAt ?? undefined };
    });
  }

  /** @throws Rejected for another interval than {@link SCHEDULE_CHOICES}, NotFound for a stream that cannot be synced */
  async setSchedule(
    storeId: string,
    integrationId: string,
    set: { stream: string; everyMinutes: number | null },
  ): Promise<Schedule> {
    const { plugin, method } = await this.#plugin(storeId, integrationId);
    const { title } = readableStream(plugin, set.stream, method);
    if (!SCHEDULE_CHOICES.includes(set.everyMinutes)) {
      const message = 'Choose off, 15 minutes, an hour (60), six hours (360) or a day (1440).';
      throw new Rejected(message, { fields: [{ pointer: '/everyMinutes', message }] });
    }
    const row = await this.#parts.schedules.set(storeId, integrationId, set);
    return { stream: row.stream, title, everyMinutes: row.everyMinutes, nextRunAt: row.nextRunAt ?? undefined };
  }

  /**
   * Queues again what nobody works on any more: runs whose worker is silent, runs whose job got lost.
   * @returns how many
   */
  async recover(): Promise<number> {
    const { runs } = this.#parts;
    return runs.transaction(async (sql) => {
      const lost = await runs.takeLost(sql);
      for (const run of lost) await sendRun(this.#parts.jobs, run, { sql });
      return lost.length;
    });
  }

  /** Lets the runs go on that waited for a provider which answers again, in the caller's transaction where `sql` is given. */
  async resume(waiting: Waiting, sql?: Sql): Promise<number> {
    const { runs, jobs } = this.#parts;
    const resume = async (own: Sql) => {
      const taken = await runs.takeWaiting(own, waiting);
      for (const { after, ...run } of taken) await sendRun(jobs, run, { sql: own, startAfter: after });
      return taken.length;
    };
    return sql ? resume(sql) : runs.transaction(resume);
  }

  async #open(sql: Sql, asked: SyncRequest & { stream: string }, plugin: RunnablePlugin): Promise<Run> {
    const { integration, stream, trigger, requestedBy, allowDeletions = false } = asked;
    const usual = trigger === 'repair' ? 'full' : (oneStream(plugin, stream).mode ?? 'incremental');
    const mode = allowDeletions ? 'full' : (asked.mode ?? usual);
    const { storeId, id: integrationId } = integration;
    const wanted = { storeId, integrationId, stream, trigger, mode, requestedBy, allowDeletions };
    const { run, created } = await this.#parts.runs.open(sql, wanted);
    // A run that waits behind others is asked for again by somebody who waits for it: a second job brings it forward,
    // and whichever job comes later finds nothing to do. One that waits because the provider said so must go on waiting.
    const hurry = trigger === 'manual' && run.status === 'queued' && run.attempts === 0 && run.startedAt === undefined;
    if (created || hurry) await sendRun(this.#parts.jobs, { storeId, id: run.id, trigger }, { sql });
    return run;
  }

  async #plugin(storeId: string, integrationId: string): Promise<{ plugin: RunnablePlugin; method: Integration['method'] }> {
    const { pluginId, method } = await this.#parts.integrations.get(storeId, integrationId);
    return { plugin: this.#parts.registry.require(pluginId), method };
  }
}
