import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Handlebars from 'handlebars';
import type { Brand } from '../config.ts';
import type { MailTemplate, MailVars } from './templates.ts';
import type { Words, WordsIn } from './words.ts';

export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Wording<T extends MailTemplate = MailTemplate> {
  readonly template: T;
  readonly vars: MailVars[T];
  /** The language it is written in; default: English. */
  readonly locale?: string | undefined;
  readonly unsubscribeUrl?: string | undefined;
}

type Render = Handlebars.TemplateDelegate;

const PARAGRAPH = 'margin:0 0 16px';
const LONGEST_VALUE = 2000;

/**
 * The mails: one source for each, written as plain text with its subject in the first line; the HTML is made of the same, in
 * the words of any language. Values become one line each, so that none can add a header, a paragraph or a button.
 */
export class Letters {
  readonly #texts = new Map<string, Render>();
  readonly #htmls = new Map<string, Render>();
  readonly #brand: Brand;
  readonly #wordsIn: WordsIn;

  constructor({ folder, brand, wordsIn }: { folder: string; brand: Brand; wordsIn: WordsIn }) {
    this.#brand = brand;
    this.#wordsIn = wordsIn;
    const [text, html] = [Handlebars.create(), Handlebars.create()];
    text.registerHelper({ ...HELPERS, button: (label: string, url: string) => `${label}:\n${url}`, link: LINK_TEXT });
    html.registerHelper({ ...HELPERS, button: (label: string, url: string) => buttonHtml(label, url, brand), link: linkHtml });
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.hbs'))) {
      const [name, source] = [basename(file, '.hbs'), readFileSync(join(folder, file), 'utf8')];
      this.#texts.set(name, text.compile(source, { strict: true, noEscape: true }));
      this.#htmls.set(name, html.compile(source, { strict: true }));
    }
  }

  write<T extends MailTemplate>({ template, vars, locale, unsubscribeUrl = '' }: Wording<T>): Letter {
    const words = this.#wordsIn(locale);
    const model = { ...(oneLined(vars) as object), brand: this.#brand, words };
    const [subject = '', ...rest] = this.#render(this.#texts, template, model).split('\n');
    const shown = subject.replace(/^Subject: /, '').trim();
    const stop = unsubscribeUrl && `\n\n${words.t('letter.stop')}: ${unsubscribeUrl}`;
    const text = `${rest
      .join('\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim()}\n\n-- \n${this.#brand.name}${stop}\n`;
    const body = new Handlebars.SafeString(bodyHtml(this.#render(this.#htmls, template, model)));
    const frame = { ...model, subject: shown, body, unsubscribeUrl };
    return { subject: shown, text, html: this.#render(this.#htmls, 'layout', frame) };
  }

  #render(renders: ReadonlyMap<string, Render>, name: string, model: object): string {
    const render = renders.get(name);
    if (!render) throw new Error(`There is no mail template called "${name}".`);
    return render(model);
  }
}

interface Called {
  readonly hash: Readonly<Record<string, string | number>>;
  readonly data: { readonly root: { readonly words: Words } };
}

const HELPERS = {
  t: (key: string, { hash, data }: Called) => data.root.words.t(key, hash),
  moment: (at: string, { data }: Called) => data.root.words.moment(new Date(at)),
};

const LINK_TEXT = (label: string, url: string) => `${label}: ${url}`;

function linkHtml(label: string, url: string): Handlebars.SafeString {
  return new Handlebars.SafeString(`<a href="${Handlebars.escapeExpression(url)}">${Handlebars.escapeExpression(label)}</a>`);
}

function buttonHtml(label: string, url: string, { color }: Brand): Handlebars.SafeString {
  const style = `display:inline-block;padding:10px 18px;border-radius:8px;background:${color ?? '#0f6674'};color:#fff;text-decoration:none;font-weight:600`;
  const [safeUrl, safeLabel] = [Handlebars.escapeExpression(url), Handlebars.escapeExpression(label)];
  return new Handlebars.SafeString(`<a href="${safeUrl}" style="${style}">${safeLabel}</a>`);
}

/** Paragraphs apart by empty lines; lines that begin with a dash make a list. */
function bodyHtml(rendered: string): string {
  const [, ...paragraphs] = rendered.trim().split(/\n\s*\n/);
  return paragraphs
    .map((paragraph) => {
      const lines = paragraph.split('\n').filter((line) => line.trim() !== '');
      if (!lines.every((line) => line.startsWith('- '))) return `<p style="${PARAGRAPH}">${lines.join('<br>\n')}</p>`;
      return `<ul style="${PARAGRAPH};padding-inline-start:20px">${lines.map((line) => `<li>${line.slice(2)}</li>`).join('\n')}</ul>`;
    })
    .join('\n');
}

/** Without line ends, other control characters, and those that turn the direction of writing. */
function oneLined(value: unknown): unknown {
  if (typeof value === 'string') {
    const clean = value.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
    return clean.slice(0, LONGEST_VALUE);
  }
  if (Array.isArray(value)) return value.map(oneLined);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, oneLined(member)]));
}
