import { isDatabaseAway } from '../database/transaction.ts';
import type { Applied, Effects } from '../integrations/effects.ts';
import type { Integration, IntegrationStore } from '../integrations/integration-store.ts';
import type { Reading } from '../records/reading.ts';
import type { Effect, Item } from '../sdk/index.ts';
import { type Claim, LeaseLost, NotAll } from './claim.ts';
import type { EventClaimStore } from './claim-store.ts';
import type { Attempt } from './event-entity.ts';
import { GroupCommit } from './group-commit.ts';

export interface SettlementOptions {
  readonly claims: EventClaimStore;
  readonly integrations: IntegrationStore;
  readonly effects: Pick<Effects, 'apply'>;
  /** Transactions at once. Default 8. */
  readonly transactions?: number;
}

/** An event whose plugin has said what it changes. */
export interface Finished {
  readonly claim: Claim;
  readonly integration: Integration;
  /** When its handler began to read, by the database. */
  readonly began: string;
  readonly changes: readonly Effect[];
  readonly attempt: Attempt;
}

/**
 * Commits what events change together with their state. Events of one integration that finish while a commit is under way
 * share the next one: they would only wait for each other at the records' lock. What fails together is tried one by one.
 * Who lost an event to another worker is found out last, and what it has written until then is undone.
 */
export class Settlement {
  readonly #parts: SettlementOptions;
  readonly #groups = new Map<string, GroupCommit<Finished>>();
  readonly #queue: (() => void)[] = [];
  #free: number;

  constructor(parts: SettlementOptions) {
    this.#parts = parts;
    this.#free = parts.transactions ?? 8;
  }

  /** @throws LeaseLost when another worker has claimed the event meanwhile; nothing of it is written then */
  async finish(finished: Finished): Promise<void> {
    const { id } = finished.integration;
    const group = this.#groupOf(id);
    try {
      await group.add([finished]);
    } finally {
      // The group notices only after this that nobody waits.
      setImmediate(() => this.#letGo(id, group));
    }
  }

  /** Another may have taken its place meanwhile; that one may be busy. */
  #letGo(integrationId: string, group: GroupCommit<Finished>): void {
    if (!group.busy && this.#groups.get(integrationId) === group) this.#groups.delete(integrationId);
  }

  #groupOf(integrationId: string): GroupCommit<Finished> {
    const known = this.#groups.get(integrationId);
    if (known) return known;
    const group = new GroupCommit<Finished>({
      flush: (items) => this.#withPlace(() => this.#commit(items)),
      bytesOf: () => 0,
      ownerOf: () => '',
      flushItems: 100,
      isOutage: isDatabaseAway,
    });
    this.#groups.set(integrationId, group);
    return group;
  }

  async #commit(items: readonly Finished[]): Promise<void> {
    const [first] = items;
    if (!first) return;
    const isPlain = items.every(({ changes }) => changes.every((change) => change?.kind === 'records'));
    try {
      if (isPlain) return await this.#atOnce(items, first.integration);
    } catch (error) {
      if (!(error instanceof NotAll)) throw error;
    }
    if (items.length > 1) throw new NotAll();
    await this.#alone(first);
  }

  /** All of it, or nothing. */
  async #atOnce(items: readonly Finished[], integration: Integration): Promise<void> {
    const { claims, effects, integrations } = this.#parts;
    const [first] = items;
    const changes = items.length > 1 ? inRounds(items.map((one) => one.changes)) : (first?.changes ?? []);
    const at = new Date(Math.max(...items.map(({ claim }) => claim.receivedAt.getTime())));
    const ended = items.map(({ claim, attempt }) => ({ ...claim, attempt }));
    await integrations.pipeline((sql) => {
      const alongside = async ({ failed, older }: Applied) => {
        if (failed + older > 0) throw new NotAll();
        await claims.handledAll(sql, ended, at);
      };
      return effects.apply(sql, integration, changes, {
        trigger: 'webhook',
        reading: readingOf(items),
        alongside,
        checked: true,
      });
    });
  }

  /** Whatever it changes; tells what is in its way. */
  async #alone({ claim, integration, began, changes, attempt }: Finished): Promise<void> {
    const { claims, effects, integrations } = this.#parts;
    await integrations.pipeline(async (sql) => {
      let held = 0;
      const alongside = async (applied: Applied) => {
        const reason = leftOut(applied) ?? attempt.reason;
        const told = { ...attempt, ...(reason && { reason }) };
        held = (await claims.handled(sql, [{ ...claim, attempt: told }], claim.receivedAt)).size;
      };
      await effects.apply(sql, integration, changes, { trigger: 'webhook', reading: { began }, alongside });
      if (held === 0) throw lost(claim);
    });
  }

  async #withPlace<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free === 0) await new Promise<void>((go) => this.#queue.push(go));
    else this.#free -= 1;
    try {
      return await work();
    } finally {
      const next = this.#queue.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}

function lost({ id }: Claim): LeaseLost {
  return new LeaseLost(`Another worker has taken over event ${id}.`);
}

/** What of it was not kept, in words. */
function leftOut({ failed, older }: Applied): string | undefined {
  const told: string[] = [];
  if (failed === 1) told.push('1 of its records could not be stored.');
  if (failed > 1) told.push(`${failed} of its records could not be stored.`);
  if (older === 1) told.push('1 of its records was left as it is: something newer was here.');
  if (older > 1) told.push(`${older} of its records were left as they are: something newer was here.`);
  return told.join(' ') || undefined;
}

function readingOf(items: readonly Finished[]): Reading {
  const [first] = items;
  if (first && items.length === 1) return { began: first.began };
  const moments = new Map<unknown, string>();
  // Written by one database, they sort as they read.
  const [least = ''] = items.map(({ began }) => began).sort();
  for (const { began, changes } of items) {
    for (const change of changes) if (change.kind === 'records') for (const item of change.items) moments.set(item, began);
  }
  return { began: (item) => moments.get(item) ?? least };
}

/** As few pages as leave every record's changes in their order: the second change of a record is on a page after the first. */
function inRounds(changes: readonly (readonly Effect[])[]): Effect[] {
  const streams = new Map<string, { pages: Item[][]; next: Map<string, number> }>();
  for (const change of changes.flat()) {
    if (change.kind !== 'records') continue;
    if (!Array.isArray(change.items)) throw new NotAll();
    const stream = streams.get(change.stream) ?? { pages: [], next: new Map<string, number>() };
    streams.set(change.stream, stream);
    for (const item of change.items) {
      const page = stream.next.get(String(item?.id)) ?? 0;
      stream.next.set(String(item?.id), page + 1);
      const items = stream.pages[page] ?? [];
      stream.pages[page] = items;
      items.push(item);
    }
  }
  return [...streams].flatMap(([stream, { pages }]) =>
    (pages.length > 0 ? pages : [[]]).map((items) => ({ kind: 'records' as const, stream, items })),
  );
}
