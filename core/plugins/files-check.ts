import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Plugin } from '../sdk/index.ts';
import { forbidden, foundIn } from './brand-check.ts';
import { type Breach, isComingSoon } from './check.ts';
import { readmeFaults } from './readme-check.ts';

/** A text file of the plugin's own. */
interface Source {
  /** Relative to the folder. */
  readonly name: string;
  readonly text: string;
}

/** What lies in the folder beside the code that is run: icon, README, tests; and what the sources say in sentences. */
export async function fileBreaches(dir: string, plugin: Plugin): Promise<Breach[]> {
  const sources = await sourcesIn(dir);
  const icon = sources.some(({ name }) => name === 'icon.svg');
  const readme = sources.find(({ name }) => name === 'README.md');
  const words = forbidden(plugin.manifest);
  return [
    ...(icon ? [] : [breach('P101', '', 'has no icon.svg; draw one of plain shapes, under 20 KB')]),
    ...(readme ? [] : [breach('P102', '', 'has no README.md; tell an operator what to create at the provider, and the limits')]),
    ...testBreaches(sources, plugin),
    ...(readme ? readmeFaults(plugin, readme.text).map((message) => breach('P207', 'README.md', message)) : []),
    ...sources.flatMap((source) => sentenceBreaches(source, words)),
  ];
}

/** The tests that count towards the grade, by name: they are no part of the folder's hash. */
export async function testNames(dir: string): Promise<string[]> {
  return (await sourcesIn(dir)).filter(isTest).map(({ name }) => name);
}

function testBreaches(sources: readonly Source[], plugin: Plugin): Breach[] {
  const suite = isComingSoon(plugin) ? 'testComingSoon' : 'testPlugin';
  const tests = sources.filter(isTest);
  if (tests.some(({ text }) => new RegExp(`\\b${suite}\\s*\\(`).test(text))) return [];
  const missing = tests.length === 0 ? 'has no tests' : 'has tests, but none runs the contract suite';
  const args = isComingSoon(plugin) ? 'plugin' : 'plugin, sandbox';
  return [breach('P206', '', `${missing}; call ${suite}(${args}, { folder: import.meta.dirname }) in a *.test.ts`)];
}

function isTest({ name }: Source): boolean {
  return /\.test\.[cm]?[jt]s$/.test(name);
}

/** Texts in the code that read like sentences may reach a store or a log; header names and keys do not. */
function sentenceBreaches({ name, text }: Source, words: readonly string[]): Breach[] {
  if (words.length === 0 || name === 'icon.svg' || isTest({ name, text })) return [];
  return text.split('\n').flatMap((line, i) => {
    const said = name.endsWith('.md')
      ? [line]
      : [...line.matchAll(/(['"`])((?:\\.|(?!\1).)*)\1/g)].map(([, , inside = '']) => inside);
    const sentences = said.filter((one) => /\S\s+\S/.test(one) && !/\bnever\s*:/.test(line));
    return [...new Set(sentences.flatMap((one) => foundIn(one, words)))].map((word) =>
      breach(
        'P208',
        `${name}:${i + 1}`,
        `says "${word}", which the manifest's \`whiteLabel.never\` forbids; use the name stores know`,
      ),
    );
  });
}

function breach(rule: Breach['rule'], file: string, message: string): Breach {
  return { rule, file, message };
}

async function sourcesIn(dir: string): Promise<Source[]> {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((name) => !/(^|\/)(node_modules|__fixtures__|\.[^/]*)(\/|$)/.test(name) && /\.([cm]?[jt]s|md|svg)$/.test(name))
    .sort();
  return Promise.all(files.map(async (name) => ({ name, text: await readFile(join(dir, name), 'utf8') })));
}
