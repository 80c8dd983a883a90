import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Handlebars from 'handlebars';
import type { Brand } from '../config.ts';
import { guideHtml } from './guide.ts';
import { type Asset, readAssets } from './http/asset-files.ts';
import { iconSvg } from './icons.ts';
import { packageFolder } from './package-folder.ts';
import type { Pages, Shell } from './view-models/pages.ts';
import { date, moment, number, relative, shortDay } from './words/format.ts';
import { directionOf, LANGUAGES } from './words/languages.ts';
import { reader } from './words/reader.ts';
import { tHtml } from './words/texts.ts';

type Render = Handlebars.TemplateDelegate;

/**
 * The pages: templates are read when this is made, and each is parsed when it is first shown, as parsing all is a tenth of a
 * start and what is parsed thirty times its source. That they can be, `words/texts.test.ts` proves.
 */
export class Views {
  readonly #pages: ReadonlyMap<string, Render>;
  readonly #layout: Render;
  readonly #assets: ReadonlyMap<string, Asset>;
  readonly #brand: Brand;

  constructor({ brand, dir = packageFolder('views') }: { brand: Brand; dir?: string }) {
    this.#brand = brand;
    this.#assets = readAssets(join(dir, 'assets'), brand);
    const handlebars = Handlebars.create();
    handlebars.registerHelper(this.#helpers());
    const compile = (source: string) => handlebars.compile(source, { strict: true });
    for (const [name, source] of readTemplates(join(dir, 'partials'))) handlebars.registerPartial(name, compile(source));
    this.#pages = new Map(readTemplates(join(dir, 'pages')).map(([name, source]) => [name, compile(source)]));
    this.#layout = compile(readFileSync(join(dir, 'layouts', 'main.hbs'), 'utf8'));
  }

  /** The whole HTML document of a page. */
  page<P extends keyof Pages>(name: P, model: Pages[P], shell: Shell): string {
    return this.framed(name, this.part(name, model, shell), shell);
  }

  /** What a page says, without what surrounds every page. */
  part<P extends keyof Pages>(name: P, model: Pages[P], shell: Shell): string {
    const render = this.#pages.get(name);
    if (!render) throw new Error(`There is no page template called "${name}".`);
    return render({ ...model, shell: this.#frame(shell) });
  }

  /** The whole document around it. */
  framed(name: keyof Pages, part: string, shell: Shell): string {
    return this.#layout({ ...this.#frame(shell), page: name, body: new Handlebars.SafeString(part) });
  }

  #frame(shell: Shell): object {
    const { locale } = reader();
    const languages = LANGUAGES.map((language) => ({ ...language, current: language.tag === locale }));
    return { brand: this.#brand, ...EMPTY_SHELL, lang: locale, dir: directionOf(locale), languages, ...shell };
  }

  asset(name: string): Asset | undefined {
    return this.#assets.get(name);
  }

  #address(name: string): string {
    const known = this.#assets.get(name);
    if (!known)
      throw new Error(`There is no asset called "${name}"; all stylesheets are one, which the frame of the pages brings.`);
    return `/assets/${name}?v=${known.hash}`;
  }

  #helpers(): Handlebars.HelperDeclareSpec {
    return {
      t: (key: string, { hash }: Handlebars.HelperOptions) => tHtml(key, hash as Record<string, unknown>),
      number: (value: number) => number(value),
      date: (value: Date) => date(value),
      shortDay: (day: string) => shortDay(day),
      time: (value: Date) => timeTag(value),
      timeIf: (value: Date | undefined) => (value ? timeTag(value) : ''),
      list: (parts: readonly string[]) => parts.join(', '),
      svg: (text: string) => new Handlebars.SafeString(text),
      icon: (name: string) => new Handlebars.SafeString(iconSvg(name)),
      asset: (name: string) => new Handlebars.SafeString(this.#address(name)),
      coded: (text: string) => coded(text),
      guide: (text: string, vars: Record<string, string>) => new Handlebars.SafeString(guideHtml(text, vars)),
      initial: (name: string) => name.slice(0, 1).toUpperCase(),
      concat: (...parts: unknown[]) => parts.slice(0, -1).join(''),
      yesNo: (value: unknown) => (value ? 'yes' : 'no'),
      eq: (one: unknown, other: unknown) => one === other,
      within: (path: string, place: string) => path === place || path.startsWith(`${place}/`) || path.startsWith(`${place}?`),
    };
  }
}

const EMPTY_SHELL = {
  user: undefined,
  store: undefined,
  stores: [],
  flash: undefined,
  sandbox: false,
  refresh: undefined,
  nonce: undefined,
  path: '/',
};

/** A sentence to whoever writes plugins: what stands between backticks is code. */
function coded(text: string): Handlebars.SafeString {
  const parts = text.split(/`([^`]+)`/).map((part, index) => {
    const safe = Handlebars.escapeExpression(part);
    return index % 2 === 1 ? `<code>${safe}</code>` : safe;
  });
  return new Handlebars.SafeString(parts.join(''));
}

function timeTag(value: Date): Handlebars.SafeString {
  const exact = moment(value);
  return new Handlebars.SafeString(
    `<time datetime="${value.toISOString()}" title="${exact}" data-relative>${relative(value, new Date())}</time>`,
  );
}

function readTemplates(dir: string): [string, string][] {
  return readdirSync(dir)
    .filter((file) => file.endsWith('.hbs'))
    .map((file) => [basename(file, '.hbs'), readFileSync(join(dir, file), 'utf8')]);
}
