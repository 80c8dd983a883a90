import type { MigrationInterface, QueryRunner } from 'typeorm';

/** While a long read goes on it gives way again and again: whoever came behind it at the lock would wait as long. */
const ADD_COLUMNS = `
  do $$
  begin
    set local lock_timeout = '2s';
    for attempt in 1..100 loop
      begin
        alter table records add column read_at timestamptz, add column dated boolean not null default false;
        alter table sync_runs add column older integer not null default 0;
        exit;
      exception when lock_not_available then
        if attempt = 100 then raise; end if;
        perform pg_sleep(1);
      end;
    end loop;
    set local lock_timeout = default;
  end $$`;

/**
 * `read_at`: when what stands there was read at the provider, so that nothing that was read before takes its place; unknown of
 * what is there already. `dated`: whether `source_updated_at` is its own. `older`: what a run left out for that reason.
 */
export class ReadingMoments20261122004010 implements MigrationInterface {
  readonly name = 'ReadingMoments20261122004010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ADD_COLUMNS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table sync_runs drop column older');
    await runner.query('alter table records drop column dated, drop column read_at');
  }
}
