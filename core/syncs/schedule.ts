import type { Jobs } from '../database/jobs.ts';
import type { Sql } from '../database/transaction.ts';
import type { IntegrationStore } from '../integrations/integration-store.ts';
import type { Log } from '../log.ts';
import type { Registry } from '../plugins/registry.ts';
import { hubError } from '../sdk/index.ts';
import type { ScheduleRow, ScheduleStore } from './schedule-store.ts';
import { chosen, syncable } from './streams.ts';
import type { Syncs } from './syncs.ts';

export interface SchedulerOptions {
  readonly schedules: ScheduleStore;
  readonly syncs: Pick<Syncs, 'request' | 'recover'>;
  readonly integrations: IntegrationStore;
  readonly registry: Pick<Registry, 'get' | 'templates'>;
  readonly jobs: Jobs;
  readonly log: Log;
}

const SCHEDULE_QUEUE = 'sync-schedule';
const BATCH = 100;

/** Queues the syncs that are due, once over all hosts. */
export class Scheduler {
  readonly #parts: SchedulerOptions;

  constructor(parts: SchedulerOptions) {
    this.#parts = parts;
  }

  /** Call before the jobs start, in every process. */
  define(): void {
    const { jobs } = this.#parts;
    jobs.define(SCHEDULE_QUEUE, { concurrency: 1, retryLimit: 0, expireInSeconds: 300 }, () => this.tick());
    jobs.every(SCHEDULE_QUEUE, '* * * * *');
  }

  async tick(): Promise<void> {
    const { schedules, syncs } = this.#parts;
    await syncs.recover();
    await this.#addDefaults();
    while ((await schedules.takeDue(BATCH, (due, sql) => this.#queue(due, sql))) === BATCH);
  }

  async #addDefaults(): Promise<void> {
    const { registry, schedules } = this.#parts;
    for (const { id } of registry.templates()) {
      const plugin = registry.get(id);
      const streams = plugin ? syncable(plugin).map(([name]) => name) : [];
      if (streams.length > 0) await schedules.addDefaults(id, streams);
    }
  }

  async #queue(due: readonly ScheduleRow[], sql: Sql): Promise<void> {
    for (const { storeId, integrationId, stream } of due) {
      try {
        const integration = await this.#parts.integrations.get(storeId, integrationId);
        const plugin = this.#parts.registry.get(integration.pluginId);
        if (!plugin || !chosen(plugin, integration).includes(stream)) continue;
        await this.#parts.syncs.request({ integration, stream, trigger: 'scheduled' }, sql);
      } catch (error) {
        // Refused before anything was written: it was disconnected this moment. Anything else must roll back.
        if (!hubError(error)) throw error;
        this.#parts.log.info({ store: storeId, integration: integrationId, stream, err: error }, 'a scheduled sync was left out');
      }
    }
  }
}
