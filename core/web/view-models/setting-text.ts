import { isMap, isTable, isTextual } from '../../plugins/form-kinds.ts';
import type { Field, MapField, TableField } from '../../sdk/index.ts';
import { list } from '../words/format.ts';
import { t } from '../words/texts.ts';

type Texts = Readonly<Record<string, string>>;

/** A setting in words; `names` says what the ids are called that are chosen from synced records. */
export function settingText(field: Field, value: unknown, names: Texts = {}): string {
  if (isMap(field)) return mapText(field, value, names);
  if (isTable(field)) return tableText(field, value, names);
  const labels = isTextual(field) ? { ...names, ...field['x-labels'] } : {};
  if (Array.isArray(value)) return value.length > 0 ? list(value.map((one) => plainText(one, labels))) : t('settings.noneChosen');
  return plainText(value, labels);
}

function plainText(value: unknown, labels: Texts): string {
  if (typeof value === 'boolean') return value ? t('words.yes') : t('words.no');
  if (value === undefined || value === null || value === '') return t('settings.notSet');
  return labels[String(value)] ?? String(value);
}

function mapText(field: MapField, value: unknown, names: Texts): string {
  const keys = typeof field['x-keys'] === 'string' ? {} : field['x-keys'];
  const pairs = inOrder(value, keys).map(([key, one]) => `${keys[key] ?? names[key] ?? key}: ${plainText(one, names)}`);
  return pairs.length > 0 ? pairs.join('; ') : t('settings.notSet');
}

function tableText({ items }: TableField, value: unknown, names: Texts): string {
  const lines = (Array.isArray(value) ? value : []).map((line) =>
    inOrder(line, items.properties)
      .map(([column, one]) => {
        const field = items.properties[column];
        return `${field?.title ?? column} ${field ? settingText(field, one, names) : String(one)}`;
      })
      .join(', '),
  );
  return lines.length > 0 ? lines.join('; ') : t('settings.notSet');
}

/** As the form lists them: the database keeps no order. */
function inOrder(value: unknown, form: Readonly<Record<string, unknown>>): [string, unknown][] {
  const names = Object.keys(form);
  const rank = (name: string) => (names.includes(name) ? names.indexOf(name) : names.length);
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return entries.sort(([one], [other]) => rank(one) - rank(other));
}
