/** One file of an export: what of one table is in it, and what is not. */
export interface ExportKind {
  /** `records`: in the archive `records.jsonl`. */
  readonly file: string;
  /** In the order of the lines; it decides the order of rows too, by `order`. */
  readonly columns: readonly string[];
  /** Name in the file → SQL, for what is not a column as it stands. */
  readonly computed?: Readonly<Record<string, string>>;
  readonly order: string;
  /** Columns that are not carried away, and why: secrets, or the hub's own book-keeping. */
  readonly withheld: Readonly<Record<string, string>>;
}

const SECRET = 'secret';
const HASH = 'hash of a secret';
const KEEPING = 'the hub’s own book-keeping';
const STORE = 'the same in every line';

/** A sealed secret by its name alone. */
const masked = (column: string) => `(select jsonb_object_agg(name, '********') from jsonb_object_keys(${column}) name)`;

/**
 * Table → what of it is exported. Every column of every table that names a store by `store_id` stands here, or its table
 * in {@link LEFT_OUT}: a column that is new is neither carried away nor forgotten by accident. A test compares the two.
 */
export const EXPORTED: Readonly<Record<string, ExportKind>> = {
  integrations: {
    file: 'integrations',
    columns: [
      ...['id', 'plugin_id', 'name', 'description', 'status', 'enabled', 'reason_code', 'message', 'method'],
      ...['account_external_id', 'account', 'config', 'config_version', 'conflict_rule', 'counts', 'sandbox'],
      ...['webhook_problem', 'connected_at', 'last_tested_at', 'last_synced_at', 'last_event_at'],
      ...['created_at', 'updated_at', 'removed_at'],
    ],
    computed: { config_secrets: masked('config_secrets') },
    order: 'id',
    withheld: {
      store_id: STORE,
      config_secrets: SECRET,
      webhook_key: SECRET,
      webhook_secrets: SECRET,
      webhook_former: SECRET,
      webhook_former_until: KEEPING,
      webhook_followed: KEEPING,
      webhook_subscription: KEEPING,
    },
  },
  webhook_accounts: {
    file: 'webhook-accounts',
    columns: ['integration_id', 'plugin_id', 'account'],
    order: 'integration_id, account',
    withheld: { store_id: STORE },
  },
  records: {
    file: 'records',
    columns: ['integration_id', 'stream', 'external_id', 'data', 'source_updated_at', 'created_at', 'updated_at', 'deleted_at'],
    order: 'integration_id, stream, external_id',
    withheld: { store_id: STORE, hash: KEEPING, change: KEEPING, read_at: KEEPING, dated: KEEPING },
  },
  webhook_events: {
    file: 'messages',
    columns: [
      ...['id', 'plugin_id', 'integration_id', 'account', 'event_id', 'type', 'object', 'at', 'data', 'headers'],
      ...['state', 'reason', 'attempts', 'trail', 'received_at', 'handled_at'],
    ],
    computed: { body_base64: `translate(encode(raw, 'base64'), E'\\n', '')` },
    order: 'id',
    withheld: { store_id: STORE, raw: 'in body_base64', seq: KEEPING, run_after: KEEPING },
  },
  // Empty but for what came while the export was being made, what a minute was not enough for, and what nobody could read yet.
  webhook_spool: {
    file: 'messages-unsorted',
    columns: ['integration_id', 'id', 'count', 'received_at', 'problem', 'problem_at'],
    computed: { messages_base64: `translate(encode(events, 'base64'), E'\\n', '')` },
    order: 'integration_id, id',
    withheld: { store_id: STORE, events: 'in messages_base64' },
  },
  webhook_set_aside: {
    file: 'messages-set-aside',
    columns: ['integration_id', 'id', 'count', 'received_at', 'problem', 'set_aside_at'],
    computed: { messages_base64: `translate(encode(events, 'base64'), E'\\n', '')` },
    order: 'integration_id, id',
    withheld: { store_id: STORE, events: 'in messages_base64' },
  },
  sync_runs: {
    file: 'sync-runs',
    columns: [
      ...['id', 'integration_id', 'stream', 'trigger', 'mode', 'status', 'requested_by', 'pages', 'total', 'seen', 'written'],
      ...['unchanged', 'deleted', 'older', 'failed', 'held', 'held_back', 'allow_deletions', 'failures', 'notes', 'error_code'],
      ...['message', 'attempts', 'queued_at', 'started_at', 'finished_at', 'cancel_requested_at'],
    ],
    order: 'id',
    withheld: { store_id: STORE, heartbeat_at: KEEPING, lease_owner: KEEPING, run_after: KEEPING, began_from: KEEPING },
  },
  schedules: {
    file: 'schedules',
    columns: ['integration_id', 'stream', 'every_minutes', 'next_run_at'],
    order: 'integration_id, stream',
    withheld: { store_id: STORE },
  },
  memberships: {
    file: 'people',
    columns: ['user_id', 'role', 'created_at'],
    computed: { email: '(select u.email from users u where u.id = user_id)' },
    order: 'user_id',
    withheld: { store_id: STORE },
  },
  api_keys: {
    file: 'api-keys',
    columns: ['id', 'user_id', 'name', 'scopes', 'created_at', 'last_used_at', 'revoked_at'],
    order: 'id',
    withheld: { store_id: STORE, hash: HASH, prefix: 'part of a secret' },
  },
  connect_links: {
    file: 'connect-links',
    columns: [
      ...['id', 'user_id', 'api_key_id', 'plugin_id', 'integration_id', 'name', 'return_url', 'status'],
      ...['created_at', 'expires_at', 'opened_at', 'ended_at'],
    ],
    order: 'id',
    withheld: { store_id: STORE, token_hash: HASH, binding: HASH, state_hash: HASH, sealed_result_key: SECRET },
  },
  bulk_jobs: {
    file: 'bulk-jobs',
    columns: ['id', 'user_id', 'action', 'created_at', 'ended_at', 'cancelled_at'],
    order: 'id',
    withheld: { store_id: STORE, batch: 'says what else the operator had done, in other stores' },
  },
  bulk_items: {
    file: 'bulk-items',
    columns: ['job_id', 'integration_id', 'status', 'code', 'message'],
    order: 'job_id, integration_id',
    withheld: { store_id: STORE },
  },
  invitations: {
    file: 'invitations',
    columns: ['id', 'email', 'role', 'inviter', 'created_at', 'expires_at', 'accepted_at', 'revoked_at'],
    order: 'id',
    withheld: { store_id: STORE, token_hash: HASH },
  },
  incidents: {
    file: 'incidents',
    columns: [
      ...['id', 'kind', 'about', 'part', 'plugin_id', 'name', 'reason', 'message'],
      ...['since', 'noted_at', 'reminded_at', 'ended_at'],
    ],
    order: 'id',
    withheld: { store_id: STORE },
  },
  notice_choices: {
    file: 'notice-choices',
    columns: ['user_id', 'mode', 'told_until', 'mailed_at'],
    order: 'user_id',
    withheld: { store_id: STORE },
  },
  webhook_endpoints: {
    file: 'outgoing-webhooks',
    columns: ['id', 'url', 'description', 'kinds', 'enabled', 'problem', 'failing_since', 'created_at'],
    order: 'id',
    withheld: { store_id: STORE, secret: SECRET, former_secret: SECRET, former_until: KEEPING },
  },
  webhook_deliveries: {
    file: 'outgoing-messages',
    columns: ['id', 'endpoint_id', 'kind', 'body', 'state', 'attempts', 'status_code', 'reason', 'created_at', 'ended_at'],
    order: 'id',
    withheld: { store_id: STORE, next_try_at: KEEPING },
  },
  mails: {
    file: 'mails',
    columns: ['id', 'recipient', 'template', 'subject', 'state', 'attempts', 'reason', 'created_at', 'ended_at'],
    order: 'id',
    withheld: { store_id: STORE, sealed: SECRET, next_try_at: KEEPING },
  },
  audit_entries: {
    file: 'audit',
    columns: ['id', 'user_id', 'actor', 'action', 'target', 'detail', 'ip', 'at', 'seal'],
    order: 'id',
    withheld: { store_id: STORE },
  },
};

/** Tables of stores that are in no export, and why. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  credentials: SECRET,
  oauth_requests: 'consents under way, of ten minutes',
  checkpoints: 'where syncs stand; means nothing elsewhere',
  sync_seen: 'of a run under way',
  occurrences: 'of the last seconds; what came of them is in incidents and outgoing messages',
  webhook_queue: 'what waits to be handled; the messages themselves are there',
  audit_seals: 'shows this hub that its log is whole; means nothing without its keys',
  credential_reads: 'of the last hour; the hours before are in the audit log',
  set_ups: 'how far somebody came with connecting; the connections themselves are there',
  plugin_wishes: 'which plugins are still to come here; means nothing elsewhere',
  store_exports: 'exports themselves',
  store_export_parts: 'exports themselves',
};
