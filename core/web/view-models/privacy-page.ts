import type { Deletion } from '../../privacy/deletion-store.ts';
import type { StoreExport } from '../../privacy/export-store.ts';
import { BOUNDS, KINDS, type Retention, type RetentionKind } from '../../privacy/retention-store.ts';
import type { IconName } from '../icons.ts';
import { number } from '../words/format.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';

export interface PrivacyPage {
  readonly storeName: string;
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

const FACES: Readonly<Record<StoreExport['status'], { tone: string; icon: IconName }>> = {
  queued: { tone: 'idle', icon: 'wait' },
  running: { tone: 'busy', icon: 'sync' },
  done: { tone: 'good', icon: 'check' },
  failed: { tone: 'bad', icon: 'fault' },
  cancelled: { tone: 'idle', icon: 'off' },
};

export interface PrivacyInput {
  readonly store: { readonly name: string };
  readonly canManage: boolean;
  readonly days: Retention;
  readonly exports: readonly StoreExport[];
  readonly now: Date;
}

export function privacyPage({ store, canManage, days, exports, now }: PrivacyInput): PrivacyPage {
  const rows = exports.map((made) => exportRow(made, now));
  return {
    storeName: store.name,
    canManage,
    fields: KINDS.map((name) => {
      const [label, hint] = [t(`privacy.kind.${name}`), t(`privacy.hint.${name}`)];
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
    ...(over ? { tone: 'idle', icon: 'off' as const } : FACES[status]),
    state: t(`privacy.state.${over ? 'over' : status}`),
    says: over ? t('privacy.archiveGone') : exportSays(made),
    active: status === 'queued' || status === 'running',
    archiveHref: status === 'done' && !over ? `/privacy/exports/${id}/archive` : undefined,
  };
}

function exportSays({ status, rows, rowsInAll, bytes, message, requestedBy }: StoreExport): string {
  if (status === 'failed') return said(message ?? t('privacy.failed'));
  if (status === 'running') return rowsInAll === null ? t('privacy.counting') : t('privacy.progress', { rows, all: rowsInAll });
  if (status === 'done') {
    const made = t('privacy.made', { rows, size: size(bytes), who: requestedBy });
    return message ? `${made} ${said(message)}` : made;
  }
  return t('privacy.askedBy', { who: requestedBy });
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
    says: done ? t('privacy.allRemoved', { name, count: total }) : t('privacy.removing', { name, count: total }),
    farewells: farewells.map((one) => ({ ...one, says: said(one.says) })),
    removed: rows.sort((a, b) => b.count - a.count).map(({ table, count }) => ({ table, rows: number(count) })),
    sha256: sha256 ?? undefined,
    proofHref: done ? `/privacy/deletions/${id}/proof` : undefined,
    proven: proven === undefined ? undefined : proven ? t('privacy.proven') : t('privacy.notProven'),
  };
}

export function adminDeletionsPage(deletions: readonly Deletion[]): AdminDeletionsPage {
  return {
    deletions: deletions.map(({ id, name, slug, requestedBy: by, requestedAt: at, status }) => ({
      href: `/privacy/deletions/${id}`,
      ...{ name, slug, by, at },
      state: t(status === 'done' ? 'privacy.stateRemoved' : 'privacy.stateRemoving'),
    })),
  };
}
