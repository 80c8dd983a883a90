import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The renewal of a token as a recorded state machine: whose turn it is, since when, how often it was tried, how it went. */
export class TokenRenewals20261121003000 implements MigrationInterface {
  readonly name = 'TokenRenewals20261121003000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table credentials
        add column fence integer not null default 1,
        add column lease_since timestamptz,
        add column refresh_attempts integer not null default 0,
        add column refresh_outcome text check (refresh_outcome in ('renewed', 'failed', 'interrupted', 'refused')),
        add column refresh_outcome_at timestamptz,
        add column refresh_message text;
      update credentials set fence = version;
      create index credentials_held on credentials (lease_until) where lease_owner is not null;`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index credentials_held;
      alter table credentials drop column fence, drop column lease_since, drop column refresh_attempts,
        drop column refresh_outcome, drop column refresh_outcome_at, drop column refresh_message;`);
  }
}
