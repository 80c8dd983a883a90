import type { Audit } from '../access/audit.ts';
import { inOrder, type Sql } from '../database/transaction.ts';
import type { Registry } from '../plugins/registry.ts';
import type { Reading } from '../records/reading.ts';
import type { RecordStore } from '../records/record-store.ts';
import { type Effect, PluginFault } from '../sdk/index.ts';
import type { CredentialStore } from './credential-store.ts';
import { type DisconnectHooks, endConnection } from './end-connection.ts';
import { notActive } from './integration.ts';
import type { Integration, IntegrationStore } from './integration-store.ts';

/** What made the effects: an event of the provider's, or an action a person asked for. */
export type Trigger = 'webhook' | 'manual';

/** Asks for a run of one stream, inside the transaction. */
export type RequestSync = (sql: Sql, integration: Integration, stream: string, trigger: Trigger) => Promise<unknown>;

export interface EffectsOptions {
  readonly store: IntegrationStore;
  readonly credentials: CredentialStore;
  readonly records: Pick<RecordStore, 'lock' | 'savePage'>;
  readonly plugins: Pick<Registry, 'require'>;
  readonly audit: Audit;
  readonly requestSync: RequestSync;
  readonly hooks: DisconnectHooks;
}

export interface Applied {
  readonly written: number;
  readonly unchanged: number;
  readonly deleted: number;
  /** Records that were read before what is here was, and so left out. */
  readonly older: number;
  /** Records that could not be stored. */
  readonly failed: number;
  readonly resyncs: number;
  readonly disconnected: boolean;
}

export interface ApplyOptions {
  readonly trigger: Trigger;
  readonly reading: Reading;
  /** What else the transaction writes once all of it is written; it need not wait for the last check. */
  readonly alongside?: (applied: Applied) => Promise<void>;
  /** Then `alongside` is the last check as well, and refuses what was disconnected meanwhile. */
  readonly checked?: boolean;
}

type Brought = Extract<Effect, { kind: 'records' }> & Reading;

/** Carries out what a plugin said an event or action changes: all of it in the caller's transaction, or none. */
export class Effects {
  readonly #parts: EffectsOptions;

  constructor(parts: EffectsOptions) {
    this.#parts = parts;
  }

  /**
   * @throws PluginFault for a stream the plugin does not have, or an effect of no known kind; Rejected
   * (`INTEGRATION_NOT_ACTIVE`) when it was disconnected meanwhile
   */
  async apply(
    sql: Sql,
    integration: Integration,
    effects: readonly Effect[],
    { trigger, reading, alongside, checked = false }: ApplyOptions,
  ): Promise<Applied> {
    const { requestSync } = this.#parts;
    const more = new Map<string, number>();
    const applied = { written: 0, unchanged: 0, deleted: 0, older: 0, failed: 0, resyncs: 0, disconnected: false };
    await this.#lockStreams(sql, integration, effects);
    for (const effect of effects) {
      switch (effect?.kind) {
        case 'records': {
          const saved = await this.#save(sql, integration, { ...effect, ...reading });
          applied.written += saved.written;
          applied.unchanged += saved.unchanged;
          applied.deleted += saved.deleted;
          applied.older += saved.older;
          applied.failed += saved.failed.length;
          more.set(effect.stream, (more.get(effect.stream) ?? 0) + saved.appeared - saved.deleted);
          break;
        }
        case 'resync':
          this.#checkStream(integration, effect.stream);
          await requestSync(sql, integration, effect.stream, trigger);
          applied.resyncs += 1;
          break;
        case 'disconnect':
          await endConnection(this.#parts, integration, { message: String(effect.reason) }, sql);
          applied.disconnected = true;
          break;
        default:
          throw this.#fault(integration, 'returned an effect the hub does not know');
      }
    }
    await inOrder(
      sql,
      ...[...more].filter(([, count]) => count !== 0).map((one) => () => this.#count(sql, integration, one)),
      ...(applied.disconnected || checked ? [] : [() => this.#checkConnected(sql, integration)]),
      ...(alongside ? [() => alongside(applied)] : []),
    );
    return applied;
  }

  /**
   * Whoever changes an integration does it in this order: its records' streams, by name, its row, its events. So nobody waits
   * for one who waits for him: not another event or action, a sync, a disconnection or a connection that releases what was parked.
   */
  async #lockStreams(sql: Sql, { storeId, id }: Integration, effects: readonly Effect[]): Promise<void> {
    const streams = new Set(effects.flatMap((effect) => (effect?.kind === 'records' ? [String(effect.stream)] : [])));
    // Saving its records is what locks a stream anyway, and comes first here.
    if (streams.size < 2 && effects[0]?.kind === 'records') return;
    for (const stream of [...streams].sort()) await this.#parts.records.lock(sql, { storeId, integrationId: id, stream });
  }

  /** Its records may have been deleted for good while these waited to be written. */
  async #checkConnected(sql: Sql, { storeId, id, name }: Integration): Promise<void> {
    const { status } = await this.#parts.store.get(storeId, id, sql);
    if (status !== 'disconnected') return;
    throw notActive(`${name} was disconnected meanwhile; nothing was stored.`);
  }

  async #save(sql: Sql, integration: Integration, { stream, ...page }: Brought) {
    this.#checkStream(integration, stream);
    if (!Array.isArray(page.items)) throw this.#fault(integration, 'returned records that are no list');
    return this.#parts.records.savePage(sql, { storeId: integration.storeId, integrationId: integration.id, stream }, page);
  }

  /** Corrects the count of a stream by what came or went between two syncs. */
  async #count(sql: Sql, { storeId, id }: Integration, [stream, more]: readonly [string, number]): Promise<void> {
    await sql.query(
      `update integrations set counts = counts || jsonb_build_object($3::text, greatest(0, coalesce((counts ->> $3)::integer, 0) + $4::integer))
       where store_id = $1 and id = $2`,
      [storeId, id, stream, more],
      'integration_count',
    );
  }

  #checkStream(integration: Integration, stream: string): void {
    const { streams } = this.#parts.plugins.require(integration.pluginId).plugin.handlers;
    if (streams && Object.hasOwn(streams, stream)) return;
    throw this.#fault(integration, `names the stream "${stream}", which it does not have`);
  }

  #fault({ pluginId }: Integration, what: string): PluginFault {
    const { manifest } = this.#parts.plugins.require(pluginId).plugin;
    return new PluginFault(`${manifest.name} ${what}.`);
  }
}
