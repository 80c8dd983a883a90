import { isDeepStrictEqual } from 'node:util';
import { fromPost, gathered } from '../../plugins/form-post.ts';
import type { Form } from '../../sdk/index.ts';
import { list } from '../words/format.ts';
import { t } from '../words/texts.ts';
import type { CellView, ChoiceView, FieldView } from './field-view.ts';

/** So many choices are named; of more only their count is told. */
const NAMED = 2;

/** A form's fields as pages show them. */
export interface SettingFields {
  readonly fields: readonly FieldView[];
  /** Those that are rarely changed, behind one line each. */
  readonly folded: readonly FoldedView[];
}

/** A field that is rarely changed, folded behind one line. */
export interface FoldedView extends FieldView {
  /** What is set, in a few words. */
  readonly says: string;
  /** Somebody has to look: something is wrong with it, lacks, or is not saved. */
  readonly open: boolean;
}

/**
 * A field to be folded. Its input holds no limits of its own: a browser cannot show what is wrong with one that it cannot
 * show, and would refuse to send the form without a word. The server says it, with the fold open.
 */
export function foldedView(view: FieldView, unsaved: boolean): FoldedView {
  const wrong = Boolean(view.error) || cellsOf(view).some(({ error }) => error);
  const lacks = view.required && says(view) === t('settings.notSet');
  const limits = { min: '', max: '', minLength: '', step: view.kind === 'number' ? 'any' : view.step };
  return { ...view, ...limits, required: false, says: says(view), open: wrong || lacks || unsaved || view.retype };
}

/** What its plugin calls rarely changed is folded, and open where something else than its default was typed. */
export function foldedFields(
  { form, views }: { readonly form: Form; readonly views: readonly FieldView[] },
  typed: Readonly<Record<string, unknown>> = {},
): SettingFields {
  const values = fromPost(form, typed);
  const rare = ({ name }: FieldView) => form.properties[name]?.['x-advanced'] === true;
  const isTyped = ({ name }: FieldView) => {
    const [field, value] = [form.properties[name], values[name]];
    const given = field && gathered(name, field, typed);
    const blank = [undefined, '', [], {}].some((one) => isDeepStrictEqual(given, one) || isDeepStrictEqual(value, one));
    return !blank && !isDeepStrictEqual(value, field?.default);
  };
  return {
    fields: views.filter((view) => !rare(view)),
    folded: views.filter(rare).map((view) => foldedView(view, isTyped(view))),
  };
}

function says(view: FieldView): string {
  switch (view.kind) {
    case 'switch':
      return t(view.on ? 'settings.on' : 'settings.off');
    case 'secret':
      return t(view.stored ? 'settings.secret' : 'settings.notSet');
    case 'checks':
      return chosenOf(view.choices);
    case 'select':
    case 'radios':
      return view.choices.find(({ chosen, value }) => chosen && value !== '')?.label ?? t('settings.notSet');
    case 'lines':
      return linesOf(view);
    case 'map':
      return countOf(view.rows.length, cellsOf(view).filter(isFilled).length);
    case 'table':
      return tableOf(view.rows.filter(({ cells }) => cells.some(isFilled)).length);
    default:
      return view.value || t('settings.notSet');
  }
}

function chosenOf(choices: readonly ChoiceView[]): string {
  const chosen = choices.filter((one) => one.chosen);
  if (chosen.length === 0) return t('settings.noneChosen');
  if (chosen.length <= NAMED) return list(chosen.map(({ label }) => label));
  return countOf(choices.length, chosen.length);
}

/** What is chosen from a list that could not be read is known by its ids alone. */
function linesOf({ value, split }: FieldView): string {
  const lines = value.split('\n').filter(Boolean);
  if (lines.length === 0) return t('settings.noneChosen');
  return split || lines.length > NAMED ? t('settings.chosen', { count: lines.length }) : list(lines);
}

function countOf(all: number, chosen: number): string {
  return chosen === 0 ? t('settings.noneChosen') : t('settings.countOf', { all, chosen });
}

function tableOf(lines: number): string {
  return lines === 0 ? t('settings.noneChosen') : t('settings.lines', { count: lines });
}

function cellsOf(view: FieldView): CellView[] {
  return view.rows.flatMap(({ cells }) => cells);
}

function isFilled({ kind, value, choices }: CellView): boolean {
  if (kind === 'switch') return false;
  return kind === 'select' ? choices.some((one) => one.chosen && one.value !== '') : value !== '';
}
