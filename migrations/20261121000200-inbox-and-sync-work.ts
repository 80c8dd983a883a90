import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A lease and a due time for sync runs, and the inbox's questions by state without reading all days. */
export class InboxAndSyncWork20261121000200 implements MigrationInterface {
  readonly name = 'InboxAndSyncWork20261121000200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table sync_runs add column lease_owner text, add column run_after timestamptz, add column held integer;
create index sync_runs_active on sync_runs (status, heartbeat_at) where status in ('queued', 'running');
create index webhook_events_parked on webhook_events (store_id, integration_id) where state = 'parked';
create index webhook_events_unverified on webhook_events (plugin_id, seq) where state = 'unverified';
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop index webhook_events_unverified;
drop index webhook_events_parked;
drop index sync_runs_active;
alter table sync_runs drop column lease_owner, drop column run_after, drop column held;
`);
  }
}
