import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The columns are what rate-limiter-flexible 11 reads and writes; `expire` is in milliseconds since 1970. Unlogged: after a
 * crash every window starts anew, which costs nothing.
 */
export class RateBudgets20261121000100 implements MigrationInterface {
  readonly name = 'RateBudgets20261121000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create unlogged table rate_budgets (
        key varchar(255) primary key,
        points integer not null default 0,
        expire bigint
      )
    `);
    await runner.query('create index rate_budgets_expire on rate_budgets (expire)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table rate_budgets');
  }
}
