import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the checker said of a plugin's content, so that a restart and other hosts need not ask again. */
export class PluginGrades20261121000400 implements MigrationInterface {
  readonly name = 'PluginGrades20261121000400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
create table plugin_grades (
  plugin_id text primary key,
  content_key text not null,
  grade text not null check (grade in ('none', 'bronze', 'silver', 'gold')),
  findings jsonb not null,
  graded_at timestamptz not null default now()
);
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table plugin_grades');
  }
}
