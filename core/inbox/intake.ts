import { isDatabaseAway } from '../database/transaction.ts';
import type { IntegrationStore } from '../integrations/integration-store.ts';
import { during } from '../plugins/life.ts';
import type { Registry } from '../plugins/registry.ts';
import { type Ack, type Incoming, NotFound } from '../sdk/index.ts';
import { Absent } from './absent.ts';
import { Allowance } from './allowance.ts';
import { type Answer, isRefusal, retryLater, type Way } from './answer.ts';
import type { EventStore, NewEvent } from './event-store.ts';
import { Full, GroupCommit } from './group-commit.ts';
import type { Owners } from './owners.ts';
import { type Call, type Read, Reception, type ReceptionOptions } from './reception.ts';
import { andThen, type Soon } from './soon.ts';
import type { TrayStore } from './tray-store.ts';

export interface IntakeOptions extends ReceptionOptions {
  readonly registry: Pick<Registry, 'template' | 'get'>;
  readonly integrations: ReceptionOptions['integrations'] & Pick<IntegrationStore, 'anyOf'>;
  readonly events: EventStore;
  readonly trays: TrayStore;
  /** Events of one integration a minute. Default 1,200,000. */
  readonly perIntegration?: number;
}

/** While one commit waits for the disk, the database takes in the next. */
const AT_ONCE = 2;

/** Takes webhook calls in. A 2xx means that what the call says is committed to disk. */
export class Intake {
  readonly #parts: IntakeOptions;
  readonly #reception: Reception;
  readonly #commits: GroupCommit<NewEvent>;
  readonly #allowance: Allowance;
  readonly #absent: Absent;

  constructor(parts: IntakeOptions) {
    this.#parts = parts;
    this.#reception = new Reception(parts);
    this.#allowance = new Allowance(parts.perIntegration ?? 1_200_000);
    this.#absent = new Absent({ ...parts, reception: this.#reception });
    this.#commits = new GroupCommit({
      flush: (events) => parts.events.add(events),
      bytesOf: ({ raw }) => raw.length,
      ownerOf: ({ scope }) => scope,
      atOnce: AT_ONCE,
      laneOf: ({ scope, object }) => object && `${scope} ${object}`,
      isOutage: isDatabaseAway,
    });
  }

  /** Whose calls are, from memory; it must be told of changes. */
  get owners(): Owners {
    return this.#reception.owners;
  }

  /**
   * The answer to a call: the plugin's own once everything is stored (or known already), or the status that makes this
   * provider send again when it could not be.
   * @throws NotFound for an unknown plugin or key (or a deleted one that nobody uses), Rejected with code
   * `WEBHOOK_SIGNATURE_INVALID`, Rejected for a body that the provider would never send; nothing is stored then
   */
  async receive(pluginId: string, req: Incoming, way: Way = {}): Promise<Answer> {
    const { registry, log } = this.#parts;
    const plugin = registry.get(pluginId);
    if (!plugin) return this.#absent.receive(pluginId, req, way);
    const { webhook } = plugin.plugin.handlers;
    if (!webhook) throw new NotFound(`${plugin.plugin.manifest.name} has no webhooks.`);
    const call: Call = { plugin, webhook, req, key: way.key };
    try {
      return await during(plugin, () => andThen(this.#reception.read(call), (read) => this.#answer(call, read)));
    } catch (error) {
      if (isRefusal(error)) throw error;
      if (error instanceof Full) return retryLater(webhook.retryStatus, 'full');
      log.error({ plugin: pluginId, err: error }, 'a webhook call could not be stored; its sender is asked to send it again');
      return retryLater(webhook.retryStatus, 'not-stored');
    }
  }

  /** What a caller is told that cannot be listened to just now, in the way its provider understands. */
  putOff(pluginId: string): Answer {
    return retryLater(this.#parts.registry.get(pluginId)?.plugin.handlers.webhook?.retryStatus ?? 503, 'full');
  }

  /**
   * Checks what came while a plugin was not there; call it once the plugin is loaded. What does not verify is dropped.
   * @returns how many calls were accepted
   */
  verifyParked(pluginId: string): Promise<number> {
    return this.#absent.check(pluginId);
  }

  /** To a handshake or to one who sends too much at once; to any other once everything is stored. */
  #answer(call: Call, read: Read): Soon<Answer> {
    if ('handshake' in read) return read.handshake;
    const scope = read.rows[0]?.scope;
    if (scope !== undefined && !this.#allowance.take(scope, read.rows.length)) {
      return retryLater(call.webhook.retryStatus, 'too-many');
    }
    return this.#commits.add(read.rows).then(() => this.#ack(call));
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
}
