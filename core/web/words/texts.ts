import Handlebars from 'handlebars';
import { packageFolder } from '../package-folder.ts';
import { Catalogue } from './catalogue.ts';
import { reader } from './reader.ts';

/** What a message says of. */
export type Value = string | number | boolean | null | undefined;
export type Values = Readonly<Record<string, Value>>;

/** The texts of the hub's own pages. */
export const catalogue = new Catalogue(packageFolder('views/texts'));

/**
 * A text in the reader's language: `t('frame.account', { email })`.
 * @throws Error for a key that is in no file, and for a value that is missing
 */
export function t(key: string, values: Values = {}): string {
  return catalogue.format(reader().locale, key, values) as string;
}

/** The text where there is one of this key: for what others name, such as a state or a code. */
export function tIfThere(key: string, values: Values = {}): string | undefined {
  return catalogue.has(key) ? t(key, values) : undefined;
}

/** Elements a message may name by themselves. */
const ELEMENTS = ['strong', 'em', 'code', 'kbd'];
/** Of ours, or elsewhere by https or mail; no script. */
const TARGET = /^(\/(?![/\\])|https:\/\/|mailto:|#)/;

/**
 * The same as HTML, escaped. In a message `<strong>{name}</strong>` makes that element (so do `em`, `code` and `kbd`), and
 * `<a>the guide</a>` a link to the value `href`. A value that is markup already stays so.
 */
export function tHtml(key: string, values: Readonly<Record<string, unknown>> = {}): Handlebars.SafeString {
  return new Handlebars.SafeString(
    markup(catalogue.format(reader().locale, key, { ...TAGS, a: linkTo(values['href']), ...values })),
  );
}

type Tag = (chunks: unknown) => Handlebars.SafeString;

const TAGS = Object.fromEntries(
  ELEMENTS.map((name): [string, Tag] => [name, (chunks) => new Handlebars.SafeString(`<${name}>${markup(chunks)}</${name}>`)]),
);

function linkTo(href: unknown): Tag {
  return (chunks) => {
    const target = String(href);
    if (!TARGET.test(target)) throw new Error(`A text must not lead to "${target}".`);
    return new Handlebars.SafeString(`<a href="${Handlebars.escapeExpression(target)}">${markup(chunks)}</a>`);
  };
}

function markup(parts: unknown): string {
  return [parts]
    .flat()
    .map((part) => Handlebars.escapeExpression(part as string))
    .join('');
}
