import type { ListedEntry } from '../../access/audit-list-store.ts';
import type { Verdict } from '../../access/audit-seal-store.ts';
import { filterQuery } from '../filter-query.ts';
import { plural } from '../words.ts';
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

const KINDS: readonly (readonly [value: string, text: string])[] = [
  ['', 'Everything'],
  ['integration.', 'Integrations'],
  ['credential.', 'Credentials that were opened'],
  ['api-key.', 'API keys'],
  ['user.', 'Users and sign-ins'],
  ['member.', 'People of the store'],
  ['event.', 'Messages'],
  ['records.', 'Records'],
  ['store.', 'The store itself'],
  ['retention.', 'Removed when its time was over'],
];

export interface AuditInput {
  readonly title: string;
  readonly lead: string;
  readonly crumb: AuditPageView['crumb'];
  readonly here: string;
  readonly query: AuditQueryText;
  readonly entries: readonly ListedEntry[];
  readonly next: string | null;
  readonly paged: boolean;
  /** Store id → name; for pages about all stores. */
  readonly stores?: ReadonlyMap<string, string> | undefined;
  readonly verdict: Pick<Verdict, 'intact' | 'entries' | 'dropped' | 'loose' | 'head' | 'faults'> | undefined;
}

export function auditPage({ entries, next, paged, stores, verdict, ...given }: AuditInput): AuditPageView {
  const { here, query } = given;
  const asked = filterQuery({ ...query });
  const at = (path: string, more: string) => `${path}?${[asked, more].filter(Boolean).join('&')}`;
  return {
    ...given,
    filtered: asked !== '',
    kinds: kindsOf(query.action),
    entries: entries.map((entry) => rowOf(entry, stores)),
    olderHref: next === null ? undefined : at(here, `cursor=${next}`),
    newestHref: paged ? at(here, '') : undefined,
    files: [
      { href: at(`${here}/file`, 'format=csv'), text: 'Download for a spreadsheet (CSV)' },
      { href: at(`${here}/file`, 'format=jsonl'), text: 'Download for programs (JSON Lines)' },
    ],
    checkHref: `${here}?check=1#check`,
    check: verdict && checkOf(verdict),
  };
}

function kindsOf(chosen: string): AuditPageView['kinds'] {
  const known = KINDS.some(([value]) => value === chosen);
  const all = known ? KINDS : [...KINDS, [chosen, chosen] as const];
  return all.map(([value, text]) => ({ value, text, chosen: value === chosen }));
}

function rowOf(entry: ListedEntry, stores: ReadonlyMap<string, string> | undefined): AuditRow {
  const { actor, action, target, ip, detail, at, storeId } = entry;
  const facts = [
    { label: 'Who', value: actor },
    { label: 'To what', value: target ?? '' },
    { label: 'From', value: ip ?? '' },
    ...Object.entries(detail).map(([name, value]) => ({
      label: name,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    })),
  ];
  const store = storeId === null ? undefined : (stores?.get(storeId) ?? (stores ? 'A store that is gone' : undefined));
  return { says: entrySays(entry), at, action, store, facts: facts.filter(({ value }) => value !== '') };
}

function checkOf(verdict: NonNullable<AuditInput['verdict']>): NonNullable<AuditPageView['check']> {
  const { intact, entries, dropped, loose, head, faults } = verdict;
  const before = dropped > 0 ? ` ${plural(dropped, 'older entry', 'older entries')} were removed when their time was over.` : '';
  const young =
    loose > 0 ? ` ${plural(loose, 'entry', 'entries')} of the last minute ${loose === 1 ? 'is' : 'are'} not sealed yet.` : '';
  const says = intact
    ? `Nothing was changed: ${plural(entries, 'entry', 'entries')} are as they were written.${before}${young}`
    : 'This log is not as it was written. Tell whoever runs this site.';
  return { tone: intact ? 'good' : 'bad', says, faults, head: head ?? '' };
}
