import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By which version of the hub's own code a kept generation was bundled and checked. */
export class GenerationMakers20261121002200 implements MigrationInterface {
  readonly name = 'GenerationMakers20261121002200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table plugin_generations add column made_by text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table plugin_generations drop column made_by');
  }
}
