/** Where ciphertexts are kept: one row of this list for every table that holds any. */
export interface SealedPlace {
  /** As people read it: "12 in credentials". */
  readonly name: string;
  readonly table: string;
  /** The table's primary key: column → type. */
  readonly key: Readonly<Record<string, 'uuid' | 'text'>>;
  /** `text`: the column is one ciphertext or null. `jsonb`: an object whose values are ciphertexts; others are left alone. */
  readonly columns: Readonly<Record<string, 'text' | 'jsonb'>>;
  /** Only these rows can hold any. */
  readonly where?: string;
  /** The files whose calls of the vault end here. */
  readonly sealedBy: readonly string[];
}

/**
 * Every sealed column of the schema. What is missing here stays under an old key for ever, so tests hold the list against the
 * source and against databases that have seen every flow.
 */
export const SEALED_PLACES: readonly SealedPlace[] = [
  {
    name: 'credentials',
    table: 'credentials',
    key: { store_id: 'uuid', integration_id: 'uuid' },
    columns: { secrets: 'jsonb' },
    sealedBy: ['core/integrations/account-connect.ts', 'core/integrations/token-renewal.ts'],
  },
  {
    name: 'settings and webhook secrets of integrations',
    table: 'integrations',
    key: { store_id: 'uuid', id: 'uuid' },
    // What a subscription followed holds the ciphertext of a secret setting, and is compared with it: both change at once.
    columns: { config_secrets: 'jsonb', webhook_secrets: 'jsonb', webhook_former: 'jsonb', webhook_followed: 'jsonb' },
    sealedBy: ['core/integrations/configure.ts', 'core/integrations/subscriptions.ts'],
  },
  {
    name: 'app credentials',
    table: 'plugin_apps',
    key: { plugin_id: 'text', field: 'text' },
    columns: { sealed: 'text' },
    sealedBy: ['core/plugins/app-values.ts'],
  },
  {
    name: 'consents under way',
    table: 'oauth_requests',
    key: { store_id: 'uuid', state_hash: 'text' },
    columns: { verifier: 'text' },
    sealedBy: ['core/integrations/oauth-consent.ts'],
  },
  {
    name: 'result keys of connect links',
    table: 'connect_links',
    key: { store_id: 'uuid', id: 'uuid' },
    columns: { sealed_result_key: 'text' },
    sealedBy: ['core/integrations/connect-links.ts'],
  },
  {
    name: 'kept answers of the API',
    table: 'idempotency_keys',
    key: { caller: 'uuid', key: 'text' },
    columns: { answer: 'text' },
    sealedBy: ['core/access/idempotency-keys.ts'],
  },
  {
    name: 'unverified webhook calls',
    table: 'webhook_events',
    key: { id: 'uuid' },
    columns: { headers: 'jsonb' },
    where: `state = 'unverified'`,
    sealedBy: ['core/inbox/absent.ts'],
  },
  {
    name: 'mails on their way',
    table: 'mails',
    key: { id: 'uuid' },
    columns: { sealed: 'text' },
    sealedBy: ['core/mail/mail.ts'],
  },
  {
    name: 'signing secrets of outgoing webhooks',
    table: 'webhook_endpoints',
    key: { store_id: 'uuid', id: 'uuid' },
    columns: { secret: 'text', former_secret: 'text' },
    sealedBy: ['core/notices/webhooks.ts'],
  },
  {
    name: 'second factors',
    table: 'second_factors',
    key: { user_id: 'uuid' },
    columns: { secret: 'text' },
    sealedBy: ['core/access/totp.ts'],
  },
];
