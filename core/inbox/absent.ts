import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import type { Sql } from '../database/transaction.ts';
import type { IntegrationStore } from '../integrations/integration-store.ts';
import type { Log } from '../log.ts';
import type { Registry, RunnablePlugin } from '../plugins/registry.ts';
import { type Incoming, NotFound } from '../sdk/index.ts';
import type { Vault } from '../vault/secret.ts';
import { type Answer, isRefusal, retryLater, type Way } from './answer.ts';
import type { EventStore } from './event-store.ts';
import { provingHeaders, text } from './event-text.ts';
import { Full, GroupCommit } from './group-commit.ts';
import type { Reception } from './reception.ts';
import type { NewUnverified, TrayStore, Unverified } from './tray-store.ts';

export interface AbsentOptions {
  readonly registry: Pick<Registry, 'template' | 'get'>;
  readonly integrations: Pick<IntegrationStore, 'anyOf'>;
  readonly events: Pick<EventStore, 'add'>;
  readonly trays: TrayStore;
  readonly vault: Vault;
  readonly reception: Reception;
  readonly log: Log;
}

/** What of a call its row has no columns for. Earlier versions did not keep the address. */
type Rest = Omit<Incoming, 'raw' | 'receivedAt' | 'url'> & { readonly url?: string; readonly key?: string };

/** A body nobody could check yet may be this long. */
const UNVERIFIED_BYTES = 262_144;

/** What may wait for its turn to be kept; anybody can send it. */
const WAITING = { items: 64, bytes: 4 * 2 ** 20 };

/** Calls for a plugin that is known and not there: kept unchecked, within bounds, until it is. */
export class Absent {
  readonly #parts: AbsentOptions;
  readonly #lines = new Map<string, GroupCommit<NewUnverified>>();
  readonly #noRoom = new WeakSet<NewUnverified>();

  constructor(parts: AbsentOptions) {
    this.#parts = parts;
  }

  /**
   * 200 once it is kept. A folder that was deleted, and whose plugin nobody uses, is gone; any other is expected back.
   * @throws NotFound where no integration can be the one that is called
   */
  async receive(pluginId: string, req: Incoming, way: Way): Promise<Answer> {
    const template = this.#parts.registry.template(pluginId);
    if (!template || template.state === 'coming-soon') throw nobody();
    try {
      if (!(await this.#isUsed(pluginId, template.state === 'missing', way))) throw nobody();
      return await this.#keep(pluginId, req, way);
    } catch (error) {
      if (isRefusal(error)) throw error;
      if (error instanceof Full) return retryLater(503, 'full');
      this.#parts.log.error(
        { plugin: pluginId, err: error },
        'a webhook call could not be stored; its sender is asked to send it again',
      );
      return retryLater(503, 'not-stored');
    }
  }

  /** Checks what came; what does not verify is dropped. @returns how many calls were accepted */
  async check(pluginId: string): Promise<number> {
    const { registry, trays, log } = this.#parts;
    const plugin = registry.get(pluginId);
    if (!plugin?.plugin.handlers.webhook) return 0;
    const waiting = await trays.unverified(pluginId);
    const counts = { accepted: 0, dropped: 0 };
    for (const id of waiting) {
      try {
        await trays.takeUnverified(id, async (kept, sql) => {
          counts[(await this.#take(plugin, kept, sql)) ? 'accepted' : 'dropped'] += 1;
        });
      } catch (error) {
        log.warn(
          { plugin: pluginId, event: id, err: error },
          'what came while the plugin was away could not be checked; it stays',
        );
      }
    }
    if (waiting.length > 0) log.info({ plugin: pluginId, ...counts }, 'checked what came while the plugin was away');
    return counts.accepted;
  }

  /** A key names its integration without the plugin; one nobody has, or that is disconnected, is nobody's. */
  async #isUsed(pluginId: string, missing: boolean, { key }: Way): Promise<boolean> {
    if (key === undefined) return !missing || this.#parts.integrations.anyOf(pluginId);
    const owner = await this.#parts.reception.owners.byWebhookKey(pluginId, text(key));
    return owner !== undefined && owner.status !== 'disconnected';
  }

  /** Nothing can be checked without the plugin, so a call that carries nothing to keep is put off. */
  async #keep(pluginId: string, req: Incoming, { key, sender }: Way): Promise<Answer> {
    if (req.method !== 'POST' || req.raw.length === 0 || req.raw.length > UNVERIFIED_BYTES) return retryLater(503, 'plugin-away');
    const { registry, vault, log } = this.#parts;
    const { raw, receivedAt, ...rest } = req;
    const id = v7();
    const whole: Rest = { ...rest, ...(key !== undefined && { key }) };
    const call: NewUnverified = {
      id,
      pluginId,
      raw: Buffer.from(raw),
      same: sameness(req, key),
      sender: createHash('sha256')
        .update(sender ?? '')
        .digest('hex'),
      sealed: await vault.seal(place(pluginId, id), JSON.stringify(whole)),
      receivedAt: new Date(receivedAt),
    };
    if (!(await this.#keepInTurn(call))) {
      log.warn({ plugin: pluginId }, 'the tray of a plugin that is not loaded is full; its sender is asked to send again');
      return retryLater(503, 'plugin-away');
    }
    // It was loaded while this was stored, and has looked at the tray before.
    if (registry.get(pluginId)) await this.check(pluginId);
    return { status: 200 };
  }

  /** One at a time of each plugin: they would wait for each other in the database, with a connection each. */
  async #keepInTurn(call: NewUnverified): Promise<boolean> {
    const { trays } = this.#parts;
    const line =
      this.#lines.get(call.pluginId) ??
      new GroupCommit<NewUnverified>({
        flush: async ([one]) => {
          if (one && !(await trays.keepUnverified(one))) this.#noRoom.add(one);
        },
        bytesOf: ({ raw }) => raw.length,
        ownerOf: ({ sender }) => sender,
        most: WAITING,
        flushItems: 1,
        isOutage: () => true,
      });
    this.#lines.set(call.pluginId, line);
    await line.add([call]);
    return !this.#noRoom.has(call);
  }

  /** @returns whether the call was the provider's */
  async #take(plugin: RunnablePlugin, kept: Unverified, sql: Sql): Promise<boolean> {
    const { webhook } = plugin.plugin.handlers;
    const { vault, reception, events } = this.#parts;
    const opened = await vault.open(place(kept.pluginId, kept.id), kept.sealed);
    const { key, ...rest } = JSON.parse(opened) as Rest;
    const req: Incoming = { url: '', ...rest, raw: kept.raw, receivedAt: kept.receivedAt.toISOString() };
    try {
      const read = webhook && (await reception.read({ plugin, webhook, req, key }));
      if (!read || !('rows' in read)) return false;
      await events.add(read.rows, sql);
      return true;
    } catch (error) {
      if (isRefusal(error)) return false;
      throw error;
    }
  }
}

/** The same for a call and what proves it: a copy that proves nothing must not stand for it. */
function sameness({ url, eventType, query, headers, raw }: Incoming, key: string | undefined): string {
  const proof = JSON.stringify([key, url, eventType, Object.entries(query), provingHeaders(headers)]);
  return createHash('sha256').update(proof).update(raw).digest('hex');
}

function place(pluginId: string, id: string): { store: string; owner: string; field: string } {
  return { store: '-', owner: `plugin:${pluginId}`, field: `webhook:${id}` };
}

function nobody(): NotFound {
  return new NotFound('There is no such plugin here, so no webhook either.');
}
