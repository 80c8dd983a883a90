import type { Deletion } from '../../privacy/deletion-store.ts';
import type { StoreExport } from '../../privacy/export-store.ts';
import { BOUNDS, KINDS, type Retention, type RetentionKind } from '../../privacy/retention-store.ts';
import type { IconName } from '../icons.ts';
import { number, plural } from '../words.ts';

export interface PrivacyPage {
  readonly storeName: string;
  readonly slug: string;
  readonly canManage: boolean;
  readonly fields: readonly KeepField[];
  readonly exports: readonly ExportRow[];
  /** One is under way. */
  readonly busy: boolean;
}

interface KeepField {
  readonly name: RetentionKind;
  readonly label: string;
  readonly hint: string;
  readonly days: number;
  readonly least: number;
  readonly most: number;
}

interface ExportRow {
  readonly id: string;
  readonly tone: string;
  readonly icon: IconName;
  readonly state: string;
  readonly says: string;
  readonly at: Date;
  readonly active: boolean;
  readonly archiveHref: string | undefined;
}

export interface StoreDeletionPage {
  readonly name: string;
  readonly done: boolean;
  readonly says: string;
  readonly farewells: Deletion['farewells'];
  readonly removed: readonly { readonly table: string; readonly rows: string }[];
  readonly sha256: string | undefined;
  readonly proofHref: string | undefined;
  readonly proven: string | undefined;
}

export interface AdminDeletionsPage {
  readonly deletions: readonly {
    readonly href: string;
    readonly name: string;
    readonly slug: string;
    readonly by: string;
    readonly at: Date;
    readonly state: string;
  }[];
}

const LABELS: Readonly<Record<RetentionKind, readonly [label: string, hint: string]>> = {
  messages: ['Received messages', 'What providers sent. Those that still wait to be handled stay.'],
  runs: ['Syncs', 'Their history. The last one of each kind, and the last that succeeded, stay.'],
  deletedRecords: [
    'Deleted records',
    'What was deleted at the provider. Programs that follow changes hear of it only while it is here.',
  ],
  endedRecords: ['Records of ended connections', 'Counted from when the integration was disconnected.'],
  auditEntries: ['Audit log', 'Who changed what, and who opened a credential.'],
};

const STATES: Readonly<Record<StoreExport['status'], { tone: string; icon: IconName; state: string }>> = {
  queued: { tone: 'idle', icon: 'wait', state: 'Waiting' },
  running: { tone: 'busy', icon: 'sync', state: 'Being made' },
  done: { tone: 'good', icon: 'check', state: 'Ready' },
  failed: { tone: 'bad', icon: 'fault', state: 'Failed' },
  cancelled: { tone: 'idle', icon: 'off', state: 'Cancelled' },
};

export interface PrivacyInput {
  readonly store: { readonly name: string; readonly slug: string };
  readonly canManage: boolean;
  readonly days: Retention;
  readonly exports: readonly StoreExport[];
  readonly now: Date;
}

export function privacyPage({ store, canManage, days, exports, now }: PrivacyInput): PrivacyPage {
  const rows = exports.map((made) => exportRow(made, now));
  return {
    storeName: store.name,
    slug: store.slug,
    canManage,
    fields: KINDS.map((name) => {
      const [label, hint] = LABELS[name];
      return { name, label, hint, days: days[name], ...BOUNDS[name] };
    }),
    exports: rows,
    busy: rows.some(({ active }) => active),
  };
}

function exportRow(made: StoreExport, now: Date): ExportRow {
  const { id, status, createdAt: at, expiresAt } = made;
  const over = status === 'done' && (expiresAt === null || expiresAt <= now);
  return {
    id,
    at,
    ...(over ? { tone: 'idle', icon: 'off' as const, state: 'Over' } : STATES[status]),
    says: over ? 'The archive was kept for a day and is gone.' : exportSays(made),
    active: status === 'queued' || status === 'running',
    archiveHref: status === 'done' && !over ? `/privacy/exports/${id}/archive` : undefined,
  };
}

function exportSays({ status, rows, rowsInAll, bytes, message, requestedBy }: StoreExport): string {
  if (status === 'failed') return message ?? 'It failed.';
  if (status === 'running') return rowsInAll === null ? 'Counting…' : `${number(rows)} of ${plural(rowsInAll, 'line')}`;
  if (status === 'done') return `${plural(rows, 'line')}, ${size(bytes)}, for ${requestedBy}`;
  return `Asked for by ${requestedBy}`;
}

function size(bytes: number): string {
  if (bytes < 1_000_000) return `${number(Math.max(1, Math.round(bytes / 1000)))} kB`;
  return `${number(Math.round(bytes / 100_000) / 10)} MB`;
}

export function storeDeletionPage(deletion: Deletion, proven: boolean | undefined): StoreDeletionPage {
  const { id, name, status, farewells, removed, sha256 } = deletion;
  const rows = Object.entries(removed).map(([table, count]) => ({ table, count }));
  const total = rows.reduce((sum, { count }) => sum + count, 0);
  const done = status === 'done';
  return {
    name,
    done,
    says: done
      ? `Everything of ${name} was removed: ${plural(total, 'row')}. Nothing here names it any more.`
      : `${name} is closed to everybody and is being removed: ${plural(total, 'row')} so far.`,
    farewells,
    removed: rows.sort((a, b) => b.count - a.count).map(({ table, count }) => ({ table, rows: number(count) })),
    sha256: sha256 ?? undefined,
    proofHref: done ? `/privacy/deletions/${id}/proof` : undefined,
    proven:
      proven === undefined
        ? undefined
        : proven
          ? 'The proof is as this site signed it.'
          : 'The proof was changed after it was signed.',
  };
}

export function adminDeletionsPage(deletions: readonly Deletion[]): AdminDeletionsPage {
  return {
    deletions: deletions.map(({ id, name, slug, requestedBy: by, requestedAt: at, status }) => ({
      href: `/privacy/deletions/${id}`,
      ...{ name, slug, by, at },
      state: status === 'done' ? 'Removed' : 'Being removed',
    })),
  };
}
