import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Changes of one thing take turns by a row of the same table, and such a turn is no user's. */
export class WishesOfNobody20261121002520 implements MigrationInterface {
  readonly name = 'WishesOfNobody20261121002520';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table idempotency_keys drop constraint idempotency_keys_caller_fkey');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('delete from idempotency_keys');
    await runner.query(
      'alter table idempotency_keys add constraint idempotency_keys_caller_fkey foreign key (caller) references users (id) on delete cascade',
    );
  }
}
