import { CATEGORIES, type FieldFault } from '../sdk/index.ts';
import { iconFaults } from './icon.ts';

/** What an operator may write on a card. Null: back to the plugin's own. */
export interface CardTexts {
  readonly name?: string | null;
  readonly summary?: string | null;
  readonly category?: string | null;
  /** SVG text. */
  readonly icon?: string | null;
  /** Of cards without code only. */
  readonly docs?: string | null;
  /** Markdown for each way to connect. */
  readonly guides?: { readonly oauth?: string | null; readonly manual?: string | null };
}

const GUIDE_LENGTH = 10_000;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be in a text.
const CONTROL = /[\u0000-\u001f\u007f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same, but lines may end.
const CONTROL_IN_LINES = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/** A sentence for each text that cannot stand on a card. */
export function textFaults({ name, summary, category, icon, docs, guides = {} }: CardTexts): FieldFault[] {
  const faults: [pointer: string, problem: string | undefined][] = [
    ['/name', given(name) && lineProblem(name, 60)],
    ['/summary', given(summary) && lineProblem(summary, 200)],
    ['/category', given(category) && categoryProblem(category)],
    ['/docs', given(docs) && docsProblem(docs)],
    ['/icon', given(icon) && iconProblem(icon)],
    ['/guides/oauth', given(guides.oauth) && guideProblem(guides.oauth)],
    ['/guides/manual', given(guides.manual) && guideProblem(guides.manual)],
  ].map(([pointer, problem]) => [pointer as string, problem || undefined]);
  return faults.flatMap(([pointer, message]) => (message === undefined ? [] : [{ pointer, message }]));
}

function given(value: string | null | undefined): value is string {
  return value !== undefined && value !== null;
}

function lineProblem(value: string, max: number): string | undefined {
  if (value.trim() === '') return 'Write something here.';
  if ([...value].length > max) return `Use at most ${max} characters.`;
  return CONTROL.test(value) || !value.isWellFormed() ? 'Use plain text on one line.' : undefined;
}

function guideProblem(value: string): string | undefined {
  if (value.trim() === '') return 'Write something here.';
  if ([...value].length > GUIDE_LENGTH) return `Use at most ${GUIDE_LENGTH} characters.`;
  return CONTROL_IN_LINES.test(value) || !value.isWellFormed() ? 'Use plain text or Markdown.' : undefined;
}

function categoryProblem(value: string): string | undefined {
  return (CATEGORIES as readonly string[]).includes(value) ? undefined : `Choose one of ${CATEGORIES.join(', ')}.`;
}

function docsProblem(value: string): string | undefined {
  const fits =
    [...value].length <= 500 && /^https:\/\/[^\s/]+\.[^\s/]+/.test(value) && URL.canParse(value) && !CONTROL.test(value);
  return fits ? undefined : 'Give an address that begins with https://.';
}

function iconProblem(value: string): string | undefined {
  if (CONTROL_IN_LINES.test(value) || !value.isWellFormed()) return 'The icon is not SVG text.';
  const [fault] = iconFaults(value);
  if (!fault) return undefined;
  const line = fault.file?.split(':')[1];
  return `The icon${line ? `, line ${line},` : ''} ${fault.message}.`;
}
