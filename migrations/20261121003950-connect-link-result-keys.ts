import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What the result of a link is signed with is kept with it, sealed, so that it outlives an exchange of the session secret.
 * Links that are open have none: whoever holds one asks for another, as after its half hour.
 */
export class ConnectLinkResultKeys20261121003950 implements MigrationInterface {
  readonly name = 'ConnectLinkResultKeys20261121003950';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table connect_links add column sealed_result_key text');
    await runner.query(`update connect_links set expires_at = least(expires_at, now()) where status in ('new', 'opened')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table connect_links drop column sealed_result_key');
  }
}
