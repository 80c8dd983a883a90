import type { Field, Form } from '../../sdk/index.ts';
import { t } from '../words/texts.ts';
import { moneyFields } from './action-page.ts';
import type { FieldView } from './field-view.ts';

/** How many of a field's units make one of a currency: 100 for cents. */
export interface MoneyUnit {
  readonly currency: string;
  readonly per: number;
}

/** A record whose id stands in a field. */
export interface NamedRecord {
  readonly stream: string;
  /** `Uma Nowak · uma@example.com` */
  readonly said: string;
  /** By the fields that take an amount of it. */
  readonly units: ReadonlyMap<string, MoneyUnit>;
}

export type Units = ReadonlyMap<string, MoneyUnit>;

export function unitsIn(records: ReadonlyMap<string, NamedRecord>): Units {
  return new Map([...records.values()].flatMap(({ units }) => [...units]));
}

/** The form as it is shown: an id says whose it is, an amount in what it is written. */
export function toldForm(form: Form, records: ReadonlyMap<string, NamedRecord>, units: Units): Form {
  const money = new Set(moneyFields(form).map(({ name }) => name));
  const fields = Object.entries(form.properties).map(([name, field]): [string, Field] => {
    const record = records.get(name);
    if (record) return [name, { ...field, description: t('action.thisIs', { what: record.said }) }];
    if (!money.has(name) || field.type !== 'integer') return [name, field];
    const unit = units.get(name);
    const said = [field.description, unit ? t('action.inCurrency', { ...unit }) : t('action.inSmallest')];
    const { minimum: _least, maximum: _most, ...rest } = field;
    return [name, { ...(unit ? { ...rest, type: 'number' } : field), description: said.filter(Boolean).join(' ') }];
  });
  return { ...form, properties: Object.fromEntries(fields) };
}

/** One cent is the smallest step there is. */
export function stepped(view: FieldView, units: Units): FieldView {
  const unit = units.get(view.name);
  return unit ? { ...view, min: String(1 / unit.per), step: String(1 / unit.per) } : view;
}

/** Posted with the form, so that what was typed in one unit is never read in another. */
export function unitMarks(units: Units): { name: string; value: string }[] {
  return [...units].map(([name, { per, currency }]) => ({ name: `_unit.${name}`, value: `${per} ${currency}` }));
}

/** The units a form was shown in. */
export function postedUnits(form: Form, body: Readonly<Record<string, unknown>>): Units {
  const units = moneyFields(form).flatMap(({ name }) => {
    const [, per, currency = ''] = /^(10{0,4}) ([A-Z]{3})$/.exec(String(body[`_unit.${name}`] ?? '')) ?? [];
    return per === undefined ? [] : [[name, { per: Number(per), currency }] as const];
  });
  return new Map(units);
}

/** `7.5` → `750`: what was typed as people write money, as the action takes it. */
export function inUnits(values: Readonly<Record<string, unknown>>, units: Units): Record<string, unknown> {
  return scaled(values, units, (value, per) => Number((value * per).toFixed(6)));
}

/** `750` → `7.5`. */
export function inCurrency(values: Readonly<Record<string, unknown>>, units: Units): Record<string, unknown> {
  return scaled(values, units, (value, per) => value / per);
}

function scaled(values: Readonly<Record<string, unknown>>, units: Units, turn: (value: number, per: number) => number) {
  const turned = [...units].flatMap(([name, { per }]) => {
    const value = values[name];
    const typed = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return typeof typed === 'number' && Number.isFinite(typed) ? [[name, turn(typed, per)]] : [];
  });
  return { ...values, ...Object.fromEntries(turned) };
}
