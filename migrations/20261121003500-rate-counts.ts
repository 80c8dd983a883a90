import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often each caller came in a minute, over all hosts; a crash may forget it, so it is not logged. */
export class RateCounts20261121003500 implements MigrationInterface {
  readonly name = 'RateCounts20261121003500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create unlogged table rate_counts (
        caller text not null,
        minute bigint not null,
        hits integer not null,
        primary key (caller, minute)
      );
      create index rate_counts_age on rate_counts (minute);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table rate_counts;');
  }
}
