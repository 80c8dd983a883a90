import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import type { Vault } from '../../core/vault/secret.ts';

export interface SeededIntegration {
  readonly storeId: string;
  readonly id: string;
  /** With this its webhooks are signed, where there are any. */
  readonly signs: string | undefined;
}

const AT_ONCE = 500;

/** Connections by consent, each with tokens and a grant, and every tenth with a secret setting that its subscription follows. */
export async function seedCredentials(dataSource: DataSource, vault: Vault, count: number): Promise<SeededIntegration[]> {
  const storeId = v7();
  await dataSource.query(`insert into stores (id, slug, name) values ($1, $2, 'Seeded')`, [storeId, `seeded-${storeId}`]);
  const seeded: SeededIntegration[] = [];
  while (seeded.length < count) {
    const rows = await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, count - seeded.length) }, (_, at) => row(vault, storeId, at % 10 === 9)),
    );
    await dataSource.query(
      `with rows as (select * from jsonb_to_recordset($1::jsonb) as r (id uuid, secrets jsonb, config jsonb, followed jsonb)),
       added as (
         insert into integrations (store_id, id, plugin_id, name, status, method, webhook_key, account_external_id, account,
           config_secrets, webhook_followed)
         select $2, id, 'acme', 'Acme', 'active', 'oauth', id::text, id::text,
           jsonb_build_object('externalId', id, 'label', id), config, followed from rows)
       insert into credentials (store_id, integration_id, method, secrets, expires_at, refreshed_at)
         select $2, id, 'oauth', secrets, now() + interval '1 day', now() from rows`,
      [JSON.stringify(rows), storeId],
    );
    seeded.push(...rows.map(({ id, config }) => ({ storeId, id, signs: config['signingKey'] && signingKeyOf(id) })));
  }
  return seeded;
}

/** What a credential's access token begins with, whoever renewed it: a token of another connection is told from it. */
export function tokenOf(id: string): string {
  return `token-of-${id}-`;
}

function signingKeyOf(id: string): string {
  return `signs-${id}`;
}

async function row(vault: Vault, storeId: string, isSigned: boolean) {
  const id = v7();
  const place = { store: storeId, owner: id };
  const secrets = await vault.sealAll(place, { accessToken: `${tokenOf(id)}0`, refreshToken: `refresh-${id}`, grant: '{}' });
  const config: Record<string, string> = isSigned ? await vault.sealAll(place, { signingKey: signingKeyOf(id) }) : {};
  return { id, secrets, config, followed: { ...config, address: 'https://hub.acme.test' } };
}
