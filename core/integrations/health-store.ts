import type { DataSource } from 'typeorm';
import { prepared } from '../database/prepared.ts';
import type { Sql } from '../database/transaction.ts';
import { credentialColumns } from './credential-entity.ts';
import type { Credential } from './credential-store.ts';
import { USUAL_GAP } from './silence.ts';

export interface SyncFigures {
  readonly running: number;
  /** Of the last 7 days. */
  readonly succeeded: number;
  readonly partial: number;
  readonly failed: number;
}

export interface LastFailure {
  readonly stream: string;
  readonly at: Date;
  readonly code: string | null;
  readonly message: string | null;
  /** The latest run of every stream failed: nothing is synced. */
  readonly everywhere: boolean;
  /** Streams whose latest run failed. */
  readonly streams: number;
}

export interface EventFigures {
  /** Waiting to be handled, or to be sorted in. */
  readonly pending: number;
  readonly parked: number;
  readonly dead: number;
}

export interface HealthFigures {
  readonly syncs: SyncFigures;
  /** The latest run of a stream failed, and this is how; a later success of that stream makes it history. */
  readonly lastFailure: LastFailure | undefined;
  readonly events: EventFigures;
  /** When the last of those came that are about to be sorted in; later than all that was handled. */
  readonly unsortedAt: Date | null;
  /** From one event to the next; null while there were too few to tell. */
  readonly usualGapMs: number | null;
  readonly credential: Credential | undefined;
}

interface Named {
  readonly storeId: string;
  readonly id: string;
}

interface Row extends SyncFigures, EventFigures {
  readonly id: string;
  readonly stream: string | null;
  readonly at: Date;
  readonly code: string | null;
  readonly message: string | null;
  readonly everywhere: boolean;
  readonly streams: number;
  readonly unsortedAt: Date | null;
  readonly usualGapMs: number | null;
}

/** What waits in the spool is read once for all: planned while it was empty, as it mostly is, each look might read all of it. */
const FIGURES = `
  with spool as materialized (
    select s.store_id, s.integration_id, sum(s.count)::integer as unsorted,
      max(s.received_at) filter (where s.problem is null) as "unsortedAt"
    from webhook_spool s join unnest($1::uuid[], $2::uuid[]) as i (store_id, id) on i.store_id = s.store_id and i.id = s.integration_id
    group by 1, 2)
  select i.id, syncs.*, failure.*, events.pending + coalesce(spool.unsorted, 0) as pending, events.parked, events.dead, spool."unsortedAt", ${USUAL_GAP} as "usualGapMs"
  from unnest($1::uuid[], $2::uuid[]) as i (store_id, id)
  cross join lateral (
    select count(*) filter (where status in ('queued', 'running'))::integer as running,
      count(*) filter (where status = 'succeeded')::integer as succeeded,
      count(*) filter (where status = 'partial')::integer as partial,
      count(*) filter (where status = 'failed')::integer as failed
    from sync_runs where store_id = i.store_id and integration_id = i.id and queued_at > now() - interval '7 days'
  ) syncs
  left join lateral (
    select stream, at, code, message, everywhere, streams from (
      select latest.*, bool_and(status = 'failed') over () as everywhere,
        (count(*) filter (where status = 'failed') over ())::integer as streams from (
        select distinct on (stream) stream, status, finished_at as at, error_code as code, message from sync_runs
        where store_id = i.store_id and integration_id = i.id and status in ('succeeded', 'partial', 'failed')
        order by stream, queued_at desc
      ) latest
    ) latest where status = 'failed' order by at desc nulls last limit 1
  ) failure on true
  cross join lateral (
    select count(*) filter (where state = 'pending')::integer as pending,
      count(*) filter (where state = 'parked')::integer as parked,
      count(*) filter (where state = 'dead')::integer as dead
    from webhook_events where store_id = i.store_id and integration_id = i.id and state in ('pending', 'parked', 'dead')
  ) events
  left join spool on spool.store_id = i.store_id and spool.integration_id = i.id`;

/** How the runs and events of integrations went, in figures. */
export class HealthStore {
  readonly #dataSource: DataSource;
  readonly #figures: Sql;
  readonly #credentials: Sql;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
    this.#figures = prepared(dataSource, 'health_figures');
    this.#credentials = prepared(dataSource, 'health_credentials');
  }

  /** By id of the integration, in two statements however many they are. */
  async of(integrations: readonly Named[]): Promise<ReadonlyMap<string, HealthFigures>> {
    if (integrations.length === 0) return new Map();
    const wanted = [integrations.map(({ storeId }) => storeId), integrations.map(({ id }) => id)];
    const columns = credentialColumns(this.#dataSource);
    const [rows, credentials] = await Promise.all([
      this.#figures.query<Row>(FIGURES, wanted),
      this.#credentials.query<Credential>(
        `select ${columns} from credentials where (store_id, integration_id) in (select * from unnest($1::uuid[], $2::uuid[]))`,
        wanted,
      ),
    ]);
    const own = new Map(credentials.map((credential) => [credential.integrationId, credential]));
    return new Map(rows.map((row) => [row.id, figuresOf(row, own.get(row.id))]));
  }
}

function figuresOf(
  { stream, at, code, message, everywhere, streams, unsortedAt, usualGapMs, ...row }: Row,
  credential: Credential | undefined,
): HealthFigures {
  const { running, succeeded, partial, failed, pending, parked, dead } = row;
  return {
    syncs: { running, succeeded, partial, failed },
    lastFailure: stream === null ? undefined : { stream, at, code, message, everywhere, streams },
    events: { pending, parked, dead },
    unsortedAt,
    usualGapMs,
    credential,
  };
}
