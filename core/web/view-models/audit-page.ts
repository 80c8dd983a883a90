import type { ListedEntry } from '../../access/audit-list-store.ts';
import type { Verdict } from '../../access/audit-verdict.ts';
import type { Template } from '../../plugins/registry.ts';
import { filterQuery } from '../http/filter-query.ts';
import { t, tIfThere } from '../words/texts.ts';
import { entrySays } from './audit-words.ts';

/** What one asked to see, as the form sends it. */
export interface AuditQueryText {
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  /** `2026-11-21T09:30`, in UTC. */
  readonly from: string;
  readonly until: string;
  readonly text: string;
}

export interface AuditPageView {
  readonly title: string;
  readonly lead: string;
  readonly crumb: { readonly href: string; readonly text: string };
  readonly here: string;
  readonly query: AuditQueryText;
  readonly filtered: boolean;
  readonly kinds: readonly { readonly value: string; readonly text: string; readonly chosen: boolean }[];
  readonly entries: readonly AuditRow[];
  readonly olderHref: string | undefined;
  readonly newestHref: string | undefined;
  readonly files: readonly { readonly href: string; readonly text: string }[];
  readonly checkHref: string;
  readonly check:
    | { readonly tone: 'good' | 'bad'; readonly says: string; readonly faults: readonly string[]; readonly head: string }
    | undefined;
}

interface AuditRow {
  readonly says: string;
  readonly at: Date;
  readonly action: string;
  readonly store: string | undefined;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
}

export const ENTRIES_A_PAGE = 50;

/** What actions begin with. */
const KINDS = [
  '',
  'integration.',
  'credential.',
  'api-key.',
  'user.',
  'member.',
  'event.',
  'records.',
  'store.',
  'retention.',
] as const;

/** Of the plugin with this id, where it is known. */
type TemplateOf = (pluginId: string) => Pick<Template, 'name' | 'loaded'> | undefined;

export interface AuditInput {
  readonly title: string;
  readonly lead: string;
  readonly crumb: AuditPageView['crumb'];
  readonly here: string;
  readonly query: AuditQueryText;
  readonly entries: readonly ListedEntry[];
  readonly templateOf: TemplateOf;
  readonly next: string | null;
  readonly paged: boolean;
  /** Store id → name; for pages about all stores. */
  readonly stores?: ReadonlyMap<string, string> | undefined;
  readonly verdict: Pick<Verdict, 'intact' | 'entries' | 'dropped' | 'loose' | 'head' | 'faults'> | undefined;
}

export function auditPage({ entries, templateOf, next, paged, stores, verdict, ...given }: AuditInput): AuditPageView {
  const { here, query } = given;
  const asked = filterQuery({ ...query });
  const at = (path: string, more: string) => `${path}?${[asked, more].filter(Boolean).join('&')}`;
  return {
    ...given,
    filtered: asked !== '',
    kinds: kindsOf(query.action),
    entries: entries.map((entry) => ({
      ...rowOf(entry, stores),
      says: entrySays(entry, templateOf(String(entry.detail['plugin'] ?? ''))),
    })),
    olderHref: next === null ? undefined : `${at(here, `cursor=${next}`)}#list`,
    newestHref: paged ? `${at(here, '')}#list` : undefined,
    files: [
      { href: at(`${here}/file`, 'format=csv'), text: t('audit.csv') },
      { href: at(`${here}/file`, 'format=jsonl'), text: t('audit.jsonl') },
    ],
    checkHref: `${here}?check=1#check`,
    check: verdict && checkOf(verdict),
  };
}

function kindsOf(chosen: string): AuditPageView['kinds'] {
  const known = KINDS.some((value) => value === chosen);
  const all: readonly string[] = known ? KINDS : [...KINDS, chosen];
  const text = (value: string) => tIfThere(`audit.kind.${value.replace('.', '') || 'all'}`) ?? value;
  return all.map((value) => ({ value, text: text(value), chosen: value === chosen }));
}

function rowOf(entry: ListedEntry, stores: ReadonlyMap<string, string> | undefined): Omit<AuditRow, 'says'> {
  const { actor, action, target, ip, detail, at, storeId } = entry;
  const facts = [
    { label: t('audit.who'), value: actor },
    { label: t('audit.target'), value: target ?? '' },
    { label: t('audit.from'), value: ip ?? '' },
    ...Object.entries(detail).map(([name, value]) => ({
      label: name,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    })),
  ];
  const store = storeId === null ? undefined : (stores?.get(storeId) ?? (stores ? t('audit.storeGone') : undefined));
  return { at, action, store, facts: facts.filter(({ value }) => value !== '') };
}

function checkOf(verdict: NonNullable<AuditInput['verdict']>): NonNullable<AuditPageView['check']> {
  const { intact, entries, dropped, loose, head, faults } = verdict;
  const more = [dropped > 0 ? t('audit.dropped', { count: dropped }) : '', loose > 0 ? t('audit.loose', { count: loose }) : ''];
  const says = intact ? [t('audit.intact', { count: entries }), ...more].filter(Boolean).join(' ') : t('audit.broken');
  return { tone: intact ? 'good' : 'bad', says, faults, head: head ?? '' };
}
