import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a kept generation was graded, and which version of a plugin's settings an integration's are. */
export class GenerationGradesAndConfigVersions20261121001900 implements MigrationInterface {
  readonly name = 'GenerationGradesAndConfigVersions20261121001900';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table plugin_generations add column grade text, add column findings jsonb;
alter table integrations add column config_version integer not null default 1;
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table integrations drop column config_version;
alter table plugin_generations drop column grade, drop column findings;
`);
  }
}
