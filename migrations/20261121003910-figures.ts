import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the dashboards count of the audit log: a small part of it, found without reading the rest. */
export class Figures20261121003910 implements MigrationInterface {
  readonly name = 'Figures20261121003910';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create index audit_entries_figures on audit_entries (store_id, at) include (action, target, id) where action in (
        'integration.connect-begin', 'integration.connect', 'integration.reconnect', 'integration.mended',
        'integration.configure', 'integration.needs-reconnect', 'integration.needs-settings');`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index audit_entries_figures');
  }
}
