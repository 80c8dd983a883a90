import { isDeepStrictEqual } from 'node:util';
import type { Happening } from '../activity.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { type HappeningWords, happeningWords, type Named } from './activity-words.ts';

interface OwnRow extends HappeningWords {
  readonly id: string;
  readonly at: Date;
  /** On pages of more than one. */
  readonly integration: { readonly name: string; readonly href: string } | undefined;
  /** Where it is handled again. */
  readonly replayHref: string | undefined;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
}

/** What happened, or failures that say the same, told by the latest of them. */
export interface ActivityRow extends OwnRow {
  /** Each of them, latest first; none where it happened once. */
  readonly repeats: readonly OwnRow[];
  /** Of the earliest of them. */
  readonly first: Date;
}

export interface RowsInput {
  readonly happenings: readonly Happening[];
  /** Those of the store, to choose from; none on the page of one. */
  readonly integrations: readonly { readonly id: string; readonly name: string }[];
  readonly named: (happening: Happening) => Named;
  readonly owner: boolean;
}

/** A row each, but one for all equal failures with nothing but failures between them. */
export function activityRows(input: RowsInput): ActivityRow[] {
  const rows: OwnRow[][] = [];
  let failing = new Map<string, OwnRow[]>();
  for (const one of input.happenings) {
    const row = rowOf(one, input);
    const key = keyOf(one, row);
    if (key === undefined) failing = new Map();
    const equal = key === undefined ? undefined : failing.get(key);
    if (equal) {
      equal.push(row);
      continue;
    }
    const begun = [row];
    rows.push(begun);
    if (key !== undefined) failing.set(key, begun);
  }
  return rows.flatMap(together);
}

/** The same for failures that say the same of the same; undefined for what did not fail. */
export function failureKey(one: Happening, named: RowsInput['named']): string | undefined {
  return one.outcome === 'failed' ? keyOf(one, happeningWords(one, named(one))) : undefined;
}

function keyOf(one: Happening, { says, note, who, state }: HappeningWords): string | undefined {
  if (one.outcome !== 'failed') return undefined;
  return JSON.stringify([one.from, one.kind, one.integrationId, says, note, who, state]);
}

function together(equal: readonly OwnRow[]): ActivityRow[] {
  const [latest, earliest] = [equal[0], equal.at(-1)];
  if (!latest || !earliest) return [];
  if (equal.length === 1) return [{ ...latest, repeats: [], first: latest.at }];
  const same = latest.facts.filter((fact) => equal.every(({ facts }) => facts.some((other) => isDeepStrictEqual(fact, other))));
  const repeats = equal.map((row) => ({
    ...row,
    facts: row.facts.filter((fact) => !same.some((other) => isDeepStrictEqual(fact, other))),
  }));
  // By the earliest, so that it stays open while others come.
  const { id, at: first } = earliest;
  return [{ ...latest, id, href: undefined, replayHref: undefined, facts: same, repeats, first }];
}

function rowOf(one: Happening, { named, owner, integrations }: RowsInput): OwnRow {
  const name = named(one);
  const words = happeningWords(one, name);
  const base = one.integrationId && name.name !== undefined ? `/integrations/${one.pluginId}/${one.integrationId}` : undefined;
  const again =
    owner && !name.rests && base && one.from === 'event' && (one.event.state === 'dead' || one.event.state === 'parked');
  return {
    ...words,
    id: `${one.id}-${one.outcome}`,
    at: one.at,
    integration: base && integrations.length > 0 ? { name: called(name), href: base } : undefined,
    replayHref: again ? `${base}/events/${one.id}/replay` : undefined,
    facts: owner && one.from === 'audit' ? factsOf(one.entry) : [],
  };
}

/** Two services may know the store by one name. */
function called({ name = '', template }: Named): string {
  return template ? t('cards.called', { account: name, plugin: template.name }) : name;
}

function factsOf({ actor, action, ip, detail }: Extract<Happening, { from: 'audit' }>['entry']): OwnRow['facts'] {
  const facts = [
    { label: t('audit.who'), value: actor },
    { label: t('audit.what'), value: action },
    { label: t('audit.from'), value: ip ?? '' },
    ...Object.entries(detail).map(([label, value]) => ({
      label,
      value: typeof value === 'string' ? said(value) : JSON.stringify(value),
    })),
  ];
  return facts.filter(({ value }) => value !== '');
}
