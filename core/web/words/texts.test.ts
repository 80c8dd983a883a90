import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import Handlebars from 'handlebars';
import { textsUsed, type UsedKey } from '../../../tests/support/template-texts.ts';
import { packageFolder } from '../package-folder.ts';
import { SOURCE } from './catalogue.ts';
import { forReader } from './reader.ts';
import { catalogue, t, tHtml } from './texts.ts';

const others = catalogue.locales.filter((locale) => locale !== SOURCE);

describe('a text', () => {
  it('that no file has is refused, and so is one without its value', () => {
    expect(() => t('login.nothing')).toThrow('There is no text "login.nothing"');
    expect(() => t('frame.account')).toThrow('email');
  });

  it('escapes what it says of, and makes an element only where the message names one', () => {
    expect(String(tHtml('error.id', { id: '<b>1</b>' }))).toBe(
      'If you ask for help, mention this number: <code>&lt;b&gt;1&lt;/b&gt;</code>',
    );
    expect(String(tHtml('frame.account', { email: new Handlebars.SafeString('<i>a</i>') }))).toBe('Your account: <i>a</i>');
  });

  it('is said in the reader’s language', () => {
    expect(forReader({ locale: 'de', timeZone: 'UTC' }, () => t('login.title'))).toBe('Anmelden');
    expect(t('login.title')).toBe('Log in');
  });
});

describe('the texts', () => {
  it.each(others)('of %s are those of the source language, no more and no less', (locale) => {
    expect(catalogue.keys(locale).toSorted()).toEqual(catalogue.keys(SOURCE).toSorted());
  });

  it.each(others)('of %s say of the same as those of the source language', (locale) => {
    const differing = catalogue.keys(locale).filter((key) => namesIn(locale, key).join() !== namesIn(SOURCE, key).join());
    expect(differing).toEqual([]);
  });

  it('exist where a page or the code asks for one, and every one is asked for', () => {
    const used = [...usedByTemplates(), ...usedByCode()];
    const known = catalogue.keys(SOURCE);
    expect(used.filter((one) => !known.some((key) => isFor(one, key)))).toEqual([]);
    expect(known.filter((key) => !used.some((one) => isFor(one, key)))).toEqual([]);
  });
});

describe('what the audit log notes', () => {
  const says = catalogue.keys(SOURCE).flatMap((key) => /^audit\.says\.(.+\..+)$/.exec(key)?.[1] ?? []);
  const source = sourceOf('core');

  it('has its sentence, each of it', () => {
    const noted = [...source.matchAll(/\baction\b(?::| =| <>| in)[^;]{0,160}/g)].flatMap(([code]) =>
      [...code.matchAll(/'([a-z][a-z-]*\.[a-z][a-z-]*)'/g)].map(([, action = '']) => action),
    );
    expect(new Set(noted).size).toBeGreaterThan(60);
    expect(noted.filter((action) => !says.includes(action))).toEqual([]);
  });

  it('is what its sentences are for, each of them', () => {
    const begun = [...source.matchAll(/`([a-z-]+\.)\$\{status\}`/g)].map(([, start = '']) => start);
    expect(says.filter((action) => !source.includes(`'${action}'`) && !begun.some((start) => action.startsWith(start)))).toEqual(
      [],
    );
  });
});

function isFor(used: UsedKey, key: string): boolean {
  return 'key' in used ? used.key === key : key.startsWith(used.prefix);
}

type Ast = ReturnType<ReturnType<typeof catalogue.parsed>['getAst']>;

/** What a message says of, by name; a tag with its brackets. */
function namesIn(locale: string, key: string): string[] {
  return [...new Set(names(catalogue.parsed(locale, key).getAst()))].toSorted();
}

/** The kinds of the parser: 0 a literal, 5 select, 6 plural, 7 the number of the plural, 8 a tag. */
function names(ast: Ast): string[] {
  return ast.flatMap((element) => {
    if (element.type === 0 || element.type === 7) return [];
    const inside = 'options' in element ? Object.values(element.options).flatMap(({ value }) => names(value)) : [];
    if ('children' in element) return [`<${element.value}>`, ...names(element.children)];
    return [element.value, ...inside];
  });
}

function usedByTemplates(): UsedKey[] {
  return filesBelow(packageFolder('views'), '.hbs').flatMap((file) => textsUsed(Handlebars.parse(readFileSync(file, 'utf8'))));
}

/** `t('a.b')`, `t(c ? 'a.b' : 'a.d')`, and `` t(`a.${b}`) `` by how it begins; the same of `tHtml` and `tIfThere`. */
function usedByCode(): UsedKey[] {
  const calls = /\bt(?:Html|IfThere)?\(([^,)]*)/g;
  const keys = /'([a-z][\w-]*\.[\w.-]+)'|`([a-z][\w-]*\.[\w.-]*)\$\{/g;
  return [...sourceOf('core').matchAll(calls)]
    .flatMap(([, first = '']) => [...first.matchAll(keys)])
    .map(([, key, prefix]) => (key === undefined ? { prefix: prefix ?? '' } : { key }));
}

function sourceOf(folder: string): string {
  const files = filesBelow(packageFolder(folder), '.ts').filter((file) => !file.endsWith('.test.ts'));
  return files.map((file) => readFileSync(file, 'utf8')).join('\n');
}

function filesBelow(dir: string, extension: string): string[] {
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith(extension)).map((file) => join(dir, file));
}
