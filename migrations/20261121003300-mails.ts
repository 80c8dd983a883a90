import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mails on their way, and for a while what became of them. What a mail says is sealed, and gone once it is sent. */
export class Mails20261121003300 implements MigrationInterface {
  readonly name = 'Mails20261121003300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table mails (
        id uuid primary key,
        store_id uuid references stores (id) on delete cascade,
        recipient text not null,
        template text not null,
        subject text not null,
        sealed text,
        state text not null default 'queued' check (state in ('queued', 'sent', 'dead')),
        attempts integer not null default 0,
        reason text,
        created_at timestamptz not null default now(),
        next_try_at timestamptz not null default now(),
        ended_at timestamptz
      );
      create index mails_store on mails (store_id) where store_id is not null;
      create index mails_waiting on mails (next_try_at) where state = 'queued';`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table mails;');
  }
}
