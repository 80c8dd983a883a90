import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What callers of the API asked for under a key of theirs, and the sealed answer; of a user, not of a store. */
export class IdempotencyKeys20261121002500 implements MigrationInterface {
  readonly name = 'IdempotencyKeys20261121002500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table idempotency_keys (
        caller uuid not null references users (id) on delete cascade,
        key text not null,
        fingerprint text not null,
        holder uuid not null,
        held_until timestamptz not null,
        answer text,
        created_at timestamptz not null default now(),
        primary key (caller, key)
      );
      create index idempotency_keys_age on idempotency_keys (created_at);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table idempotency_keys');
  }
}
