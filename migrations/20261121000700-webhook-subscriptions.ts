import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a provider gave back for a subscription: signing secrets, those before them for as long as calls signed with them
 * may still come, the settings it was made for, why there is none, and further accounts that events are routed by.
 */
export class WebhookSubscriptions20261121000700 implements MigrationInterface {
  readonly name = 'WebhookSubscriptions20261121000700';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table integrations
  add column webhook_secrets jsonb not null default '{}',
  add column webhook_former jsonb not null default '{}',
  add column webhook_former_until timestamptz,
  add column webhook_followed jsonb,
  add column webhook_problem text;

create table webhook_accounts (
  store_id uuid not null,
  integration_id uuid not null,
  plugin_id text not null,
  account text not null,
  primary key (store_id, integration_id, account),
  foreign key (store_id, integration_id) references integrations (store_id, id) on delete cascade
);
create index webhook_accounts_account on webhook_accounts (plugin_id, account);
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop table webhook_accounts;
alter table integrations
  drop column webhook_secrets,
  drop column webhook_former,
  drop column webhook_former_until,
  drop column webhook_followed,
  drop column webhook_problem;
`);
  }
}
