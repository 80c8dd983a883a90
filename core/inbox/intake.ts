import { v7 } from 'uuid';
import type { Sql } from '../database/transaction.ts';
import type { IntegrationStore } from '../integrations/integration-store.ts';
import { during } from '../plugins/life.ts';
import type { Registry, Template } from '../plugins/registry.ts';
import { type Ack, hubError, type Incoming, NotFound } from '../sdk/index.ts';
import type { EventStore } from './event-store.ts';
import { type Call, Reception, type ReceptionOptions } from './reception.ts';
import type { TrayStore, Unverified } from './tray-store.ts';

export interface IntakeOptions extends ReceptionOptions {
  readonly registry: Pick<Registry, 'template' | 'get'>;
  readonly integrations: ReceptionOptions['integrations'] & Pick<IntegrationStore, 'anyOf'>;
  readonly events: EventStore;
  readonly trays: TrayStore;
}

/** What of a call its row has no columns for. */
type Rest = Omit<Incoming, 'raw' | 'receivedAt'> & { readonly key?: string };

const RETRY_SECONDS = 30;
/** A body nobody could check yet may be this long. */
const UNVERIFIED_BYTES = 262_144;

/** Takes webhook calls in. A 2xx means that what the call says is committed to disk. */
export class Intake {
  readonly #parts: IntakeOptions;
  readonly #reception: Reception;

  constructor(parts: IntakeOptions) {
    this.#parts = parts;
    this.#reception = new Reception(parts);
  }

  /**
   * The answer to a call: the plugin's own once everything is stored (or known already), or the status that makes this
   * provider send again when it could not be.
   * @param key from the URL, where it is the integration's own
   * @throws NotFound for an unknown plugin or key (or a deleted one that nobody uses), Rejected with code `WEBHOOK_SIGNATURE_INVALID`, Rejected for a body
   * that the provider would never send; nothing is stored then
   */
  async receive(pluginId: string, req: Incoming, key?: string): Promise<Ack> {
    const template = this.#parts.registry.template(pluginId);
    if (!template || template.state === 'coming-soon') throw nobody();
    const plugin = this.#parts.registry.get(pluginId);
    if (!plugin) return this.#receiveWithout(template, req, key);
    const { webhook } = plugin.plugin.handlers;
    if (!webhook) throw new NotFound(`${plugin.plugin.manifest.name} has no webhooks.`);
    const call: Call = { plugin, webhook, req, key };
    try {
      return await during(plugin, async () => (await this.#store(call)) ?? this.#ack(call));
    } catch (error) {
      if (isRefusal(error)) throw error;
      this.#parts.log.error(
        { plugin: pluginId, err: error },
        'a webhook call could not be stored; its sender is asked to send it again',
      );
      return retryLater(webhook.retryStatus);
    }
  }

  /**
   * Checks what came while a plugin was not there; call it once the plugin is loaded. What does not verify is dropped.
   * @returns how many calls were accepted
   */
  async verifyParked(pluginId: string): Promise<number> {
    const { registry, trays, log } = this.#parts;
    const plugin = registry.get(pluginId);
    const webhook = plugin?.plugin.handlers.webhook;
    if (!plugin || !webhook) return 0;
    const waiting = await trays.unverified(pluginId);
    let accepted = 0;
    for (const id of waiting) {
      try {
        await trays.takeUnverified(id, async (kept, sql) => {
          accepted += await this.#check({ plugin, webhook }, kept, sql);
        });
      } catch (error) {
        log.warn(
          { plugin: pluginId, event: id, err: error },
          'what came while the plugin was away could not be checked; it stays',
        );
      }
    }
    if (waiting.length > 0)
      log.info({ plugin: pluginId, waiting: waiting.length, accepted }, 'checked what came while the plugin was away');
    return accepted;
  }

  /** @returns 1 when the call was the provider's, 0 when it is to be dropped */
  async #check(by: Pick<Call, 'plugin' | 'webhook'>, kept: Unverified, sql: Sql): Promise<0 | 1> {
    const { key, ...rest } = await this.#open(kept);
    const req: Incoming = { ...rest, raw: kept.raw, receivedAt: kept.receivedAt.toISOString() };
    try {
      const read = await this.#reception.read({ ...by, req, key });
      if (!('rows' in read)) return 0;
      await this.#parts.events.add(read.rows, sql);
      return 1;
    } catch (error) {
      if (isRefusal(error)) return 0;
      throw error;
    }
  }

  /** @returns the answer to a handshake; undefined once everything is stored */
  async #store(call: Call): Promise<Ack | undefined> {
    const read = await this.#reception.read(call);
    if ('handshake' in read) return read.handshake;
    const stored = await this.#parts.events.add(read.rows);
    this.#parts.log.info({ plugin: call.plugin.id, events: read.rows.length, stored }, 'webhook received');
    return undefined;
  }

  /** It is stored by now, so whatever the plugin gets wrong here must not look like a failure. */
  #ack({ plugin, webhook, req }: Call): Ack {
    try {
      return webhook.ack?.(req) ?? { status: 200 };
    } catch (error) {
      this.#parts.log.warn({ plugin: plugin.id, err: error }, 'ack threw; answered 200');
      plugin.life?.fault(error, 'webhook.ack', true);
      return { status: 200 };
    }
  }

  /** A folder that was deleted, and whose plugin nobody uses, is gone; any other is expected back. */
  async #receiveWithout({ id, state }: Template, req: Incoming, key: string | undefined): Promise<Ack> {
    // While that cannot be asked the call is rather kept for nothing.
    const isUsed = state !== 'missing' || (await this.#parts.integrations.anyOf(id).catch(() => true));
    if (!isUsed) throw nobody();
    return this.#keepUnverified(id, req, key);
  }

  /** Nothing can be checked without the plugin, so a call that carries nothing to keep is put off. */
  async #keepUnverified(pluginId: string, req: Incoming, key: string | undefined): Promise<Ack> {
    if (req.method !== 'POST' || req.raw.length === 0 || req.raw.length > UNVERIFIED_BYTES) return retryLater(503);
    const { raw, receivedAt, ...rest } = req;
    const id = v7();
    try {
      const whole: Rest = { ...rest, ...(key !== undefined && { key }) };
      const sealed = await this.#parts.vault.seal(place(pluginId, id), JSON.stringify(whole));
      const kept = { id, pluginId, raw: Buffer.from(raw), sealed, receivedAt: new Date(receivedAt) };
      if (await this.#parts.trays.keepUnverified(kept)) {
        // It was loaded while this was stored, and has looked at the tray before.
        if (this.#parts.registry.get(pluginId)) await this.verifyParked(pluginId);
        return { status: 200 };
      }
      this.#parts.log.warn(
        { plugin: pluginId },
        'the tray of a plugin that is not loaded is full; its sender is asked to send again',
      );
    } catch (error) {
      this.#parts.log.error(
        { plugin: pluginId, err: error },
        'a webhook call could not be stored; its sender is asked to send it again',
      );
    }
    return retryLater(503);
  }

  async #open({ id, pluginId, sealed }: Unverified): Promise<Rest> {
    return JSON.parse(await this.#parts.vault.open(place(pluginId, id), sealed)) as Rest;
  }
}

function place(pluginId: string, id: string): { store: string; owner: string; field: string } {
  return { store: '-', owner: `plugin:${pluginId}`, field: `webhook:${id}` };
}

function nobody(): NotFound {
  return new NotFound('There is no such plugin here, so no webhook either.');
}

function retryLater(status: number): Ack {
  return { status, headers: { 'retry-after': String(RETRY_SECONDS) } };
}

/** What the caller got wrong, as against what we could not do. */
function isRefusal(error: unknown): boolean {
  const consequence = hubError(error)?.consequence;
  return consequence === 'rejected' || consequence === 'not-found';
}
