import { DOERS, KINDS, OUTCOMES } from '../activity.ts';
import { filterQuery } from '../http/filter-query.ts';
import { t } from '../words/texts.ts';
import { type ActivityRow, activityRows, type RowsInput } from './activity-rows.ts';

/** What one asked to see, as the form sends it. */
export interface ActivityQueryText {
  readonly kind: string;
  /** Id; empty on the page of one. */
  readonly integration: string;
  readonly who: string;
  readonly outcome: string;
  /** `2026-11-21T09:30`, in UTC. */
  readonly from: string;
  readonly until: string;
}

interface Filter {
  readonly name: keyof ActivityQueryText;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly text: string; readonly chosen: boolean }[];
}

export interface ActivityPage {
  readonly lead: string;
  /** Of the integration it is about, else of the store. */
  readonly crumb: { readonly href: string; readonly text: string };
  readonly here: string;
  readonly query: ActivityQueryText;
  readonly kinds: readonly { readonly href: string; readonly text: string; readonly current: boolean }[];
  readonly filters: readonly Filter[];
  /** Something is narrowed down. */
  readonly filtered: boolean;
  /** By more than the kind. */
  readonly narrowed: boolean;
  readonly rows: readonly ActivityRow[];
  readonly olderHref: string | undefined;
  readonly newestHref: string | undefined;
  readonly files: readonly { readonly href: string; readonly text: string }[];
  /** Where replays lead back to. */
  readonly back: string;
  /** Seconds after which what came meanwhile is shown; undefined on older pages. */
  readonly live: number | undefined;
}

export const HAPPENINGS_A_PAGE = 50;
const LIVE_S = 5;

export interface ActivityInput extends RowsInput {
  readonly lead: string;
  readonly crumb: ActivityPage['crumb'];
  readonly here: string;
  readonly query: ActivityQueryText;
  readonly next: string | null;
  readonly paged: boolean;
  /** Addresses of those who belong to the store. */
  readonly people: readonly string[];
}

export function activityPage(input: ActivityInput): ActivityPage {
  const { lead, crumb, here, query, next, paged } = input;
  const asked = filterQuery(query);
  const at = (path: string, more: string) => [path, [asked, more].filter(Boolean).join('&')].filter(Boolean).join('?');
  return {
    lead,
    crumb,
    here,
    query,
    kinds: kindsOf(input),
    filters: filtersOf(input),
    filtered: asked !== '',
    narrowed: filterQuery({ ...query, kind: '' }) !== '',
    rows: activityRows(input),
    olderHref: next === null ? undefined : at(here, `cursor=${next}`),
    newestHref: paged ? at(here, '') : undefined,
    files: [
      { href: at(`${here}/file`, 'format=csv'), text: t('audit.csv') },
      { href: at(`${here}/file`, 'format=jsonl'), text: t('audit.jsonl') },
    ],
    back: at(here, ''),
    live: paged ? undefined : LIVE_S,
  };
}

function kindsOf({ here, query }: ActivityInput): ActivityPage['kinds'] {
  return ['', ...KINDS].map((kind) => {
    const asked = filterQuery({ ...query, kind });
    return { href: asked ? `${here}?${asked}` : here, text: t(`activity.kinds.${kind || 'all'}`), current: kind === query.kind };
  });
}

function filtersOf({ query, integrations, people }: ActivityInput): Filter[] {
  const filter = (name: keyof ActivityQueryText, every: string, options: readonly (readonly [string, string])[]): Filter => ({
    name,
    label: t(`activity.filter.${name}`),
    options: ([['', every], ...options] as const).map(([value, text]) => ({ value, text, chosen: value === query[name] })),
  });
  const doers = DOERS.map((one) => [one, t(`activity.who.${one}`)] as const);
  return [
    ...(integrations.length > 0
      ? [
          filter(
            'integration',
            t('activity.everyIntegration'),
            integrations.map(({ id, name }) => [id, name]),
          ),
        ]
      : []),
    filter('who', t('activity.anybody'), [...doers, ...people.map((email) => [email, email] as const)]),
    filter(
      'outcome',
      t('runs.everyOutcome'),
      OUTCOMES.map((one) => [one, t(`activity.outcome.${one}`)]),
    ),
  ];
}
