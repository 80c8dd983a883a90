import type { DataSource } from 'typeorm';
import { type Condition, cutPage, type Position, whereOf } from '../database/list-page.ts';
import { sqlOf } from '../database/transaction.ts';

export interface AuditSought {
  /** Undefined: of all stores and of none, for operators. */
  readonly storeId: string | undefined;
  /** Part of an address or a name. */
  readonly actor?: string | undefined;
  /** The whole action, or the beginning of it up to a dot: `integration.`. */
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
  /** Part of anything an entry says. */
  readonly text?: string | undefined;
}

export interface ListedEntry {
  readonly id: string;
  readonly storeId: string | null;
  readonly actor: string;
  readonly action: string;
  readonly target: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly ip: string | null;
  readonly at: Date;
  /** The name of the integration, or of the key, it was done to; null where it has none, or no longer. */
  readonly targetName: string | null;
}

export interface AuditPage {
  readonly entries: ListedEntry[];
  /** Undefined on the last page. */
  readonly next: Position | undefined;
}

/** A file is read from the database in pieces of so many entries. */
const PIECE = 1000;

/** The audit log as it is searched and carried away, latest first. */
export class AuditListStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async page(sought: AuditSought, { limit, after }: { limit: number; after?: Position | undefined }): Promise<AuditPage> {
    const { where, params } = conditions(sought, after);
    const rows = await sqlOf(this.#dataSource).query<ListedEntry & { mark: string }>(
      `select e.id, e.store_id as "storeId", e.actor, e.action, e.target, e.detail, e.ip, e.at, e.at::text as mark,
         coalesce(i.name, k.name) as "targetName"
       from audit_entries e
         left join integrations i on i.store_id = e.store_id and i.id::text = e.target
         left join api_keys k on k.store_id = e.store_id and k.id::text = e.target
       where ${where} order by e.at desc, e.id desc limit ${limit + 1}`,
      params,
    );
    const { page, next } = cutPage(rows, limit, ({ id }) => id);
    return { entries: page.map(({ mark: _, ...entry }) => entry), next };
  }

  /** All that fit, a piece at a time, however many there are. */
  async *all(sought: AuditSought): AsyncGenerator<ListedEntry, void> {
    let after: Position | undefined;
    do {
      const { entries, next } = await this.page(sought, { limit: PIECE, after });
      yield* entries;
      after = next;
    } while (after);
  }
}

function conditions({ storeId, actor, action, target, from, until, text }: AuditSought, after: Position | undefined) {
  const asked: Condition[] = [
    ['e.store_id = ?', storeId],
    ['e.actor ilike ?', actor && like(actor)],
    [action?.endsWith('.') ? 'starts_with(e.action, ?)' : 'e.action = ?', action],
    ['e.target = ?', target],
    ['e.at >= ?', from],
    ['e.at < ?', until],
    [`concat_ws(' ', e.actor, e.action, e.target, e.ip, e.detail::text) ilike ?`, text && like(text)],
  ];
  const filled = asked.filter(([, value]) => value !== '');
  return whereOf(filled, { order: ['e.at', 'e.id'], after });
}

/** What was typed, anywhere; its own signs mean themselves. */
function like(text: string): string {
  return `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
}
