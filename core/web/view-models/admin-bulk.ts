import type { BatchItem, BatchView } from '../../syncs/bulk-batch-store.ts';
import type { BulkStatus } from '../../syncs/bulk-store.ts';
import type { IconName } from '../icons.ts';
import { saidIf } from '../words/said.ts';
import { t } from '../words/texts.ts';

export interface AdminBulkPage {
  readonly title: string;
  readonly here: string;
  readonly at: Date | undefined;
  /** Something waits still. */
  readonly open: boolean;
  readonly done: number;
  readonly total: number;
  readonly far: string;
  /** By what became of them, without what there is none of. */
  readonly counts: readonly string[];
  readonly items: readonly ItemView[];
  /** With an answer, and not among them. */
  readonly more: number;
}

interface ItemView {
  readonly tone: string;
  readonly icon: IconName;
  readonly text: string;
  readonly what: string;
  readonly where: string;
  readonly message: string | undefined;
}

const FACES: Readonly<Record<BulkStatus, readonly [tone: string, icon: IconName]>> = {
  waiting: ['busy', 'wait'],
  done: ['good', 'check'],
  skipped: ['idle', 'off'],
  failed: ['bad', 'fault'],
  cancelled: ['idle', 'off'],
};

const ENDS = ['done', 'skipped', 'failed', 'cancelled'] as const;

export function adminBulk(
  { jobs, counts, items }: BatchView,
  { here, nameOf }: { here: string; nameOf: (pluginId: string) => string },
): AdminBulkPage {
  const waiting = counts.waiting ?? 0;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const [first] = jobs;
  return {
    title: first ? t(`fleet.action.${first.action}`) : '',
    here,
    at: first?.createdAt,
    open: jobs.some(({ endedAt }) => endedAt === null),
    done: total - waiting,
    total,
    far: t('fleet.far', { done: total - waiting, total }),
    counts: ENDS.flatMap((status) => (counts[status] ? [t(`fleet.became.${status}`, { count: counts[status] })] : [])),
    items: items.map((item) => itemView(item, nameOf)),
    more: total - waiting - items.length,
  };
}

function itemView({ status, store, name, pluginId, message }: BatchItem, nameOf: (pluginId: string) => string): ItemView {
  const [tone, icon] = FACES[status];
  return {
    ...{ tone, icon },
    text: t(`fleet.is.${status}`),
    what: name ?? t('fleet.gone'),
    where: pluginId === null ? store : `${nameOf(pluginId)} · ${store}`,
    message: saidIf(message) ?? undefined,
  };
}
