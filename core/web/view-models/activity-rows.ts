import { isDeepStrictEqual } from 'node:util';
import type { Happening } from '../activity.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { type HappeningWords, happeningWords, type Named } from './activity-words.ts';
import { type Grouped, grouped } from './grouped.ts';

interface OwnRow extends HappeningWords {
  readonly id: string;
  readonly at: Date;
  /** On pages of more than one. */
  readonly integration: { readonly name: string; readonly href: string } | undefined;
  /** Where it is handled again. */
  readonly replayHref: string | undefined;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
}

export type ActivityRow = Grouped<OwnRow>;

export interface RowsInput {
  readonly happenings: readonly Happening[];
  /** Those of the store, to choose from; none on the page of one. */
  readonly integrations: readonly { readonly id: string; readonly name: string }[];
  readonly named: (happening: Happening) => Named;
  /** Id of an event → what it is about, by name. */
  readonly abouts?: ReadonlyMap<string, string>;
  readonly owner: boolean;
}

export function activityRows(input: RowsInput): ActivityRow[] {
  const keys = new Map<OwnRow, string | undefined>();
  const rows = input.happenings.map((one) => {
    const row = rowOf(one, input);
    keys.set(row, keyOf(one, row));
    return row;
  });
  return grouped(rows, (row) => keys.get(row)).map(withSharedFacts);
}

/** The same for failures that say the same of the same; undefined for what did not fail. */
export function failureKey(one: Happening, named: RowsInput['named']): string | undefined {
  return one.outcome === 'failed' ? keyOf(one, happeningWords(one, named(one))) : undefined;
}

function keyOf(one: Happening, { says, note, who, state }: HappeningWords): string | undefined {
  if (one.outcome !== 'failed') return undefined;
  return JSON.stringify([one.from, one.kind, one.integrationId, says, note, who, state]);
}

/** What all of them have in common is told once. */
function withSharedFacts(row: ActivityRow): ActivityRow {
  if (row.repeats.length === 0) return row;
  const has = (facts: OwnRow['facts'], fact: object) => facts.some((other) => isDeepStrictEqual(fact, other));
  const same = row.facts.filter((fact) => row.repeats.every(({ facts }) => has(facts, fact)));
  const repeats = row.repeats.map((one) => ({ ...one, facts: one.facts.filter((fact) => !has(same, fact)) }));
  return { ...row, id: row.place, href: undefined, replayHref: undefined, facts: same, repeats };
}

function rowOf(one: Happening, { named, abouts, owner, integrations }: RowsInput): OwnRow {
  const name = named(one);
  const words = happeningWords(one, name);
  const base = one.integrationId && name.name !== undefined ? `/integrations/${one.pluginId}/${one.integrationId}` : undefined;
  const again =
    owner && !name.rests && base && one.from === 'event' && (one.event.state === 'dead' || one.event.state === 'parked');
  return {
    ...words,
    note: words.note ?? abouts?.get(one.id),
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
