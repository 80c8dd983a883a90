import type { Sql } from '../database/transaction.ts';
import type { IncidentStore, NewIncident } from './incident-store.ts';
import type { Occurrence } from './occurrence-store.ts';

/** One failure happens, two as well. */
const FAILURES_IN_A_ROW = 3;

/** Opens and closes incidents as things happen. */
export async function noteIncidents(incidents: IncidentStore, occurrence: Occurrence, sql: Sql): Promise<void> {
  const { storeId, integrationId: about, kind } = occurrence;
  if (kind === 'sync.finished') return noteRun(incidents, occurrence, sql);
  if (kind === 'integration.recovered') return incidents.close({ storeId, about, kinds: ['needs-attention', 'ends-soon'] }, sql);
  if (kind === 'integration.connected' || kind === 'integration.disconnected') return incidents.close({ storeId, about }, sql);
  if (kind === 'integration.ends_soon') return void (await incidents.open(newIncident(occurrence, 'ends-soon'), sql));
  // What was foretold, or failed for it, is this now.
  await incidents.close({ storeId, about, kinds: ['ends-soon', 'sync-failing'] }, sql);
  await incidents.open(newIncident(occurrence, 'needs-attention'), sql);
}

async function noteRun(incidents: IncidentStore, occurrence: Occurrence, sql: Sql): Promise<void> {
  const { storeId, integrationId, detail } = occurrence;
  const { run, status } = detail;
  if (!run || run.status === 'cancelled') return;
  if (run.status !== 'failed') {
    return incidents.close({ storeId, about: integrationId, kinds: ['sync-failing'], part: run.stream }, sql);
  }
  // One that needs attention is told of as that.
  if (status !== 'active') return;
  if (!(await incidents.failedInARow(sql, { storeId, integrationId, stream: run.stream }, FAILURES_IN_A_ROW))) return;
  const { errorCode: reason, message, stream: part } = run;
  await incidents.open({ ...newIncident(occurrence, 'sync-failing'), part, reason, message }, sql);
}

function newIncident({ storeId, integrationId, detail, at }: Occurrence, kind: NewIncident['kind']): NewIncident {
  const { plugin, name, reason = null, message = null } = detail;
  return { storeId, kind, about: integrationId, pluginId: plugin, name, reason, message, since: at };
}
