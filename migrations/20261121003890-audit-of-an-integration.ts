import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was done to one integration, in the order of time, without reading a store's whole log. */
export class AuditOfAnIntegration20261121003890 implements MigrationInterface {
  readonly name = 'AuditOfAnIntegration20261121003890';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'create index audit_entries_target on audit_entries (store_id, target, at desc, id desc) where target is not null',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index audit_entries_target');
  }
}
