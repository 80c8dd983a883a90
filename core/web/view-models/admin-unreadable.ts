import type { Top } from '../../inbox/desk-store.ts';
import type { UnreadableRow } from '../../inbox/unreadable-store.ts';
import { number } from '../words/format.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';

export interface AdminUnreadablePage {
  /** In their place, by integration: what came behind them waits. */
  readonly waiting: readonly UnreadableView[];
  readonly setAside: readonly UnreadableView[];
  /** Rows that are not shown. */
  readonly more: number;
}

interface UnreadableView {
  /** For labels of the page. */
  readonly key: string;
  readonly integrationId: string;
  readonly plugin: string;
  readonly whose: string;
  /** `12 messages` */
  readonly count: string;
  readonly rows: readonly UnreadableRowView[];
  /** The last row the button is about; none while all of them were looked at only just now. */
  readonly last: string | undefined;
}

interface UnreadableRowView {
  readonly row: string;
  readonly href: string;
  readonly count: string;
  readonly size: string;
  readonly receivedAt: Date;
  readonly setAsideAt: Date | null;
  readonly problem: string;
}

export function adminUnreadable({ rows, more }: Top<UnreadableRow>, nameOf: (pluginId: string) => string): AdminUnreadablePage {
  const views = (some: readonly UnreadableRow[]) =>
    [...Map.groupBy(some, ({ integrationId }) => integrationId).values()].map((own) => viewOf(own, nameOf));
  return {
    waiting: views(rows.filter(({ setAsideAt }) => setAsideAt === null)),
    setAside: views(rows.filter(({ setAsideAt }) => setAsideAt !== null)),
    more,
  };
}

function viewOf(rows: readonly UnreadableRow[], nameOf: (pluginId: string) => string): UnreadableView {
  const [first] = rows;
  const { integrationId = '', integration, store, pluginId = '' } = first ?? {};
  return {
    key: `${first?.setAsideAt ? 'kept' : 'waits'}-${integrationId}`,
    integrationId,
    plugin: nameOf(pluginId),
    whose: `${integration} · ${store}`,
    count: t('words.messages', { count: rows.reduce((sum, { count }) => sum + count, 0) }),
    rows: rows.map(rowView),
    last: rows.findLast(({ isSettled, setAsideAt }) => isSettled || setAsideAt !== null)?.row,
  };
}

function rowView({ integrationId, row, count, bytes, receivedAt, setAsideAt, problem }: UnreadableRow): UnreadableRowView {
  return {
    row,
    href: `/admin/events/unreadable/${integrationId}/${row}`,
    count: t('words.messages', { count }),
    size: bytes < 1000 ? t('events.bytes', { count: bytes }) : `${number(Math.round(bytes / 1000))} kB`,
    receivedAt,
    setAsideAt,
    problem: said(problem),
  };
}
