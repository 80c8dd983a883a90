import { createHash } from 'node:crypto';
import { validate } from 'uuid';
import type { Audit } from '../access/audit.ts';
import { NO_STORE, type Signer } from '../access/audit-seal-store.ts';
import type { Principal } from '../access/principal.ts';
import type { Job } from '../database/job.ts';
import type { Jobs } from '../database/jobs.ts';
import type { Paging } from '../database/list-page.ts';
import type { Integration, IntegrationStore } from '../integrations/integration-store.ts';
import type { Integrations } from '../integrations/service.ts';
import type { Log } from '../log.ts';
import { hubError, NotFound, Rejected } from '../sdk/errors.ts';
import type { Deletion, DeletionStore } from './deletion-store.ts';

export interface DeletionsOptions {
  readonly deletions: DeletionStore;
  readonly integrationStore: Pick<IntegrationStore, 'list'>;
  readonly integrations: Pick<Integrations, 'disconnect'>;
  readonly audit: Audit;
  readonly jobs: Jobs;
  readonly signer: Signer;
  readonly log: Log;
}

export interface NewDeletion {
  readonly store: { readonly id: string; readonly slug: string; readonly name: string };
  /** What was typed: the store's name, or its slug. */
  readonly typed: string;
  readonly principal: Principal;
  readonly ip: string | undefined;
}

const QUEUE = 'store-deletion';
/** What worked for the store when it was closed may write once more while it is swept. */
const ROUNDS = 5;

/** The deletion of a store: said goodbye at the providers, removed row by row, and proven. */
export class Deletions {
  readonly #parts: DeletionsOptions;

  constructor(parts: DeletionsOptions) {
    this.#parts = parts;
    const options = { concurrency: 1, retryLimit: 5, policy: 'short', expireInSeconds: 6 * 3600, heartbeatSeconds: 60 } as const;
    parts.jobs.define(QUEUE, options, (job: Job<{ id?: string }>) => this.#work(job));
    parts.jobs.every(QUEUE, '*/5 * * * *');
  }

  /**
   * Closes the store to everybody at once; the rest is done in the background, and taken up again where it was left.
   * @throws Rejected when what was typed is neither the store's name nor its slug, (`CONFLICT`) when it is being deleted
   */
  async begin({ store, typed, principal, ip }: NewDeletion): Promise<Deletion> {
    if (![plain(store.name), store.slug].includes(plain(typed))) {
      const message = `To delete this store, type its name: ${store.name}.`;
      throw new Rejected(`Nothing was deleted. ${message}`, { fields: [{ pointer: '/slug', message }] });
    }
    const { deletions, audit, jobs } = this.#parts;
    return deletions.transaction(async (sql) => {
      const by = { storeId: store.id, userId: principal.userId, requestedBy: principal.email };
      const made = await deletions.insert(sql, by);
      if (!made) throw new Rejected('This store is being deleted already.', { code: 'CONFLICT' });
      // Of no store: the store's own log goes with it.
      const detail = { name: store.name, slug: store.slug, store: store.id };
      await audit.record({ principal, ip, action: 'store.delete-begin', target: made.id, detail }, sql);
      await jobs.send(QUEUE, { id: made.id }, { sql, singletonKey: made.id });
      return made;
    });
  }

  /** Of one's own; operators see all. @throws NotFound */
  async get(id: string, principal: Principal): Promise<Deletion> {
    const found = validate(id) ? await this.#parts.deletions.find(id) : undefined;
    if (found && (principal.operator || found.userId === principal.userId)) return found;
    throw new NotFound('There is no such deletion.');
  }

  /** For operators. */
  page(paging: Paging): ReturnType<DeletionStore['page']> {
    return this.#parts.deletions.page(paging);
  }

  /** Whether a proof is as this hub signed it; undefined while there is none, or its key is no longer here. */
  isProven({ proof, kid, mac }: Deletion): boolean | undefined {
    if (proof === null || kid === null || mac === null) return undefined;
    const answer = this.#parts.signer.check(proof, { kid, mac });
    return answer === 'unknown' ? undefined : answer === 'right';
  }

  async #work({ signal }: Job<{ id?: string }>): Promise<void> {
    const { deletions } = this.#parts;
    for (const { id } of await deletions.open()) await this.run(id, signal);
    for (const { subject } of await deletions.gone()) {
      for (const { leaf } of await deletions.tables()) await deletions.removeLate(leaf, subject);
    }
  }

  /** From wherever it was left. */
  async run(id: string, signal: AbortSignal): Promise<void> {
    const { deletions } = this.#parts;
    const deletion = await deletions.find(id);
    if (!deletion || deletion.status === 'done') return;
    await deletions.begin(id);
    await this.#sayGoodbye(deletion, signal);
    await deletions.removeElsewhere(id, deletion.subject);
    for (let round = 0, more = 1; more > 0 && round < ROUNDS; round += 1) more = await this.#sweep(deletion, signal);
    await deletions.removeStore(id, deletion.subject);
    await this.#sweep(deletion, signal);
    await this.#prove(id);
  }

  async #sayGoodbye({ id, subject: storeId, requestedBy, userId }: Deletion, signal: AbortSignal): Promise<void> {
    const { deletions, integrationStore, integrations } = this.#parts;
    const principal: Principal = {
      kind: 'session',
      userId: userId ?? NO_STORE,
      email: requestedBy,
      operator: true,
      scopes: ['write'],
    };
    for (const integration of await integrationStore.list({ storeId })) {
      signal.throwIfAborted();
      if (integration.status === 'disconnected') continue;
      const says = await this.#ended(integration, () =>
        integrations.disconnect(storeId, integration.id, { keepRecords: true, principal, reason: 'The store was deleted.' }),
      );
      await deletions.addFarewell(id, { integration: integration.name, plugin: integration.pluginId, says });
    }
  }

  /** Whatever a provider does, the store goes. */
  async #ended({ id, storeId }: Integration, end: () => Promise<Integration>): Promise<string> {
    try {
      return (await end()).message ?? 'Disconnected.';
    } catch (error) {
      this.#parts.log.warn(
        { err: error, store: storeId, integration: id },
        'an integration of a deleted store could not be ended',
      );
      return `It could not be ended at the provider (${hubError(error)?.message ?? 'it failed'}); take access back there.`;
    }
  }

  /** @returns how many rows were removed */
  async #sweep({ id, subject }: Deletion, signal: AbortSignal): Promise<number> {
    let removed = 0;
    for (const place of await this.#parts.deletions.tables()) {
      for (let more = 1; more > 0; removed += more) {
        signal.throwIfAborted();
        more = await this.#parts.deletions.removeSome(id, place, subject);
      }
    }
    return removed;
  }

  async #prove(id: string): Promise<void> {
    const { deletions, signer, audit } = this.#parts;
    const deletion = await deletions.find(id);
    if (!deletion) return;
    const { subject, slug, name, requestedBy, requestedAt, farewells, removed } = deletion;
    const proof = JSON.stringify({
      what: 'store deletion',
      deletion: id,
      store: { id: subject, slug, name },
      requestedBy,
      requestedAt,
      finishedAt: new Date(),
      integrations: farewells,
      removed,
      remains: 'Backups of the database hold the store until they are overwritten; people keep their logins.',
    });
    const sha256 = createHash('sha256').update(proof).digest('hex');
    await deletions.transaction(async (sql) => {
      await deletions.finish(sql, id, { proof, sha256, ...signer.sign(proof) });
      const detail = { name, slug, store: subject, sha256, removed };
      await audit.record({ actor: requestedBy, action: 'store.delete', target: id, detail }, sql);
    });
  }
}

/** As a page shows it. */
function plain(name: string): string {
  return name.trim().replace(/\s+/g, ' ');
}
