import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { poolUse } from '../../database/pool-use.ts';
import { type Measures, onMeasure } from '../../measure.ts';
import type { Counted, HubFigures } from '../hub-figures-store.ts';
import { HubFiguresStore } from '../hub-figures-store.ts';
import type { Services } from '../services.ts';

type Parts = Pick<Services, 'dataSource' | 'log'>;

/** Prometheus figures of this process and, read at each scrape, of the whole hub. Plugins are named, stores never. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #figures: HubFiguresStore;
  readonly #gauges: ReturnType<typeof hubGauges>;
  readonly #pool: Gauge;
  readonly #parts: Parts;
  readonly #ends: readonly (() => void)[];

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#figures = new HubFiguresStore(parts.dataSource);
    collectDefaultMetrics({ register: this.#registry });
    this.#gauges = hubGauges(this.#registry);
    this.#pool = gauge(
      this.#registry,
      'pool_connections',
      'Database connections of this process, and queries that wait for one',
      ['state'],
    );
    this.#ends = [countCalls(this.#registry), countRefreshes(this.#registry), countRuns(this.#registry)];
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** While the database is away, only what this process knows by itself. */
  async text(): Promise<string> {
    for (const [state, count] of Object.entries(poolUse(this.#parts.dataSource))) this.#pool.set({ state }, count);
    for (const one of Object.values(this.#gauges)) one.reset();
    try {
      this.#show(await this.#figures.read());
    } catch (error) {
      this.#gauges.up.set(0);
      this.#parts.log.warn({ err: error }, 'the metrics of the hub could not be read');
    }
    return this.#registry.metrics();
  }

  close(): void {
    for (const end of this.#ends) end();
  }

  #show({ integrations, runs, inbox, waiting, unsorted, outages }: HubFigures): void {
    const gauges = this.#gauges;
    gauges.up.set(1);
    const set = (to: Gauge, all: readonly Counted[]) => {
      for (const { of: plugin, state, count } of all) to.set({ plugin, state }, count);
    };
    set(gauges.integrations, integrations);
    set(gauges.runs, runs);
    set(gauges.inbox, inbox);
    for (const { of: plugin, count } of outages) gauges.outages.set({ plugin }, count);
    for (const { queue, count, oldestSeconds } of waiting) {
      gauges.waiting.set({ queue }, count);
      gauges.oldest.set({ queue }, oldestSeconds);
    }
    gauges.unsorted.set({ state: 'waiting' }, unsorted.count);
    gauges.unsorted.set({ state: 'unreadable' }, unsorted.unreadable);
  }
}

function gauge(registry: Registry, name: string, help: string, labelNames: string[] = []): Gauge {
  return new Gauge({ name: `patchbay_${name}`, help, labelNames, registers: [registry] });
}

function hubGauges(registry: Registry) {
  const own = (name: string, help: string, labels?: string[]) =>
    gauge(registry, name, `${help} (the same on every host)`, labels);
  return {
    up: own('database_up', '1 while the database answers'),
    integrations: own('integrations', 'Integrations', ['plugin', 'state']),
    runs: own('sync_runs_active', 'Syncs that wait or are at work', ['plugin', 'state']),
    inbox: own('inbox_kept', 'Webhook messages that wait for somebody', ['plugin', 'state']),
    unsorted: own('inbox_unsorted', 'Accepted webhook messages not sorted in yet, an estimate where they are many', ['state']),
    outages: own('provider_outages', 'Hosts of a provider that fail for everybody and are left alone', ['plugin']),
    waiting: own('queue_due', 'Jobs and webhook messages that are due and not begun', ['queue']),
    oldest: own('queue_oldest_seconds', 'For how long the oldest of them has been due', ['queue']),
  };
}

function countCalls(registry: Registry): () => void {
  const labelNames = ['plugin'];
  const calls = new Counter({
    ...{ name: 'patchbay_provider_calls_total', help: 'Calls to providers by what came back', registers: [registry] },
    labelNames: ['plugin', 'outcome'],
  });
  const help = 'How long a call to a provider takes, without the wait for its turn';
  const seconds = new Histogram({ name: 'patchbay_provider_call_seconds', help, labelNames, registers: [registry] });
  return onMeasure('call', ({ plugin, outcome, seconds: took }) => {
    calls.inc({ plugin, outcome: outcomeClass(outcome) });
    seconds.observe({ plugin }, took);
  });
}

/** `429` by itself: it is what a rate budget is judged by. */
function outcomeClass(outcome: Measures['call']['outcome']): string {
  if (outcome === 'failure' || outcome === 429) return String(outcome);
  return `${Math.floor(outcome / 100)}xx`;
}

function countRefreshes(registry: Registry): () => void {
  const refreshes = new Counter({
    ...{ name: 'patchbay_token_refreshes_total', help: 'Renewals of access by what came of them', registers: [registry] },
    labelNames: ['plugin', 'outcome'],
  });
  return onMeasure('refresh', (labels) => refreshes.inc(labels));
}

function countRuns(registry: Registry): () => void {
  const registers = [registry];
  const runs = new Counter({
    ...{ name: 'patchbay_sync_runs_total', help: 'Syncs that ended, by how', registers },
    labelNames: ['plugin', 'outcome'],
  });
  const records = new Counter({
    ...{ name: 'patchbay_sync_records_total', help: 'Records of syncs that ended, by what became of them', registers },
    labelNames: ['plugin', 'change'],
  });
  const seconds = new Histogram({
    ...{ name: 'patchbay_sync_run_seconds', help: 'How long a sync takes from its beginning to its end', registers },
    labelNames: ['plugin'],
    buckets: [1, 5, 15, 60, 300, 900, 3600, 14_400],
  });
  return onMeasure('run', ({ plugin, outcome, seconds: took, records: counted }) => {
    runs.inc({ plugin, outcome });
    seconds.observe({ plugin }, took);
    for (const [change, count] of Object.entries(counted)) records.inc({ plugin, change }, count);
  });
}
