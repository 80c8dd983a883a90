import type { Audit } from '../access/audit.ts';
import type { Principal } from '../access/principal.ts';
import type { Jobs } from '../database/jobs.ts';
import type { Mail } from '../mail/mail.ts';
import type { Registry } from '../plugins/registry.ts';
import { NotFound } from '../sdk/errors.ts';
import { isUsable } from './card.ts';
import type { WishStore } from './wish-store.ts';

export interface WishParts {
  readonly wishes: WishStore;
  readonly registry: Pick<Registry, 'template'>;
  readonly mail: Pick<Mail, 'send'>;
  readonly jobs: Jobs;
  readonly audit: Audit;
  readonly publicUrl: string;
}

export interface Wish {
  readonly storeId: string;
  readonly pluginId: string;
  readonly principal: Principal;
}

const QUEUE = 'wishes';
const BATCH = 100;

/** Plugins that are still to come, and the stores that wait for them. */
export class Wishes {
  readonly #parts: WishParts;

  constructor(parts: WishParts) {
    this.#parts = parts;
  }

  /** Call before the jobs start, in every process. */
  define(): void {
    const { jobs } = this.#parts;
    jobs.define(QUEUE, { concurrency: 1, retryLimit: 0, policy: 'exclusive' }, () => this.sweep());
    jobs.every(QUEUE, '* * * * *');
  }

  /** Once more is the same. @throws NotFound for what is not to come */
  async add({ storeId, pluginId, principal }: Wish): Promise<void> {
    if (this.#parts.registry.template(pluginId)?.state !== 'coming-soon') {
      throw new NotFound('There is no integration to wait for here; look at the list of integrations again.');
    }
    const added = await this.#parts.wishes.add({ storeId, pluginId, userId: principal.userId });
    if (added) await this.#parts.audit.record({ storeId, principal, action: 'wish.add', detail: { plugin: pluginId } });
  }

  async remove({ storeId, pluginId, principal }: Wish): Promise<void> {
    const removed = await this.#parts.wishes.remove(storeId, pluginId);
    if (removed) await this.#parts.audit.record({ storeId, principal, action: 'wish.remove', detail: { plugin: pluginId } });
  }

  /** Tells those who wait for what is here by now, each of them once. */
  async sweep(): Promise<void> {
    const { wishes, registry } = this.#parts;
    for (const pluginId of (await wishes.counts()).keys()) {
      const template = registry.template(pluginId);
      if (template?.active && isUsable(template)) while ((await this.#tell(pluginId, template.name)) > 0);
    }
  }

  #tell(pluginId: string, pluginName: string): Promise<number> {
    const { wishes, mail, publicUrl } = this.#parts;
    const url = `${publicUrl}/integrations/${encodeURIComponent(pluginId)}`;
    return wishes.take(pluginId, BATCH, ({ storeId, storeName, email }, sql) =>
      mail.send({ to: email, template: 'plugin-here', vars: { pluginName, storeName, url }, storeId }, sql),
    );
  }
}
