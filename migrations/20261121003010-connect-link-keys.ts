import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A link ends with the API key that made it; null for one a person made, or that was made before this was kept. */
export class ConnectLinkKeys20261121003010 implements MigrationInterface {
  readonly name = 'ConnectLinkKeys20261121003010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table connect_links add column api_key_id uuid');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table connect_links drop column api_key_id');
  }
}
