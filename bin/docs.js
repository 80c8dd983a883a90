#!/usr/bin/env node
// Writes docs/contract.md from the docstrings of core/sdk; with --check only says whether it is current.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './runtime.js';

const PAGES = [
  ['plugin', 'Plugin and handlers'],
  ['context', 'What handlers get'],
  ['stream', 'Streams'],
  ['webhook', 'Webhooks'],
  ['action', 'Actions'],
  ['effect', 'Effects'],
  ['credential', 'Credentials'],
  ['account', 'Accounts'],
  ['models', 'Shared shapes'],
  ['values', 'What shared shapes are made of'],
  ['money', 'Digits of money'],
  ['manifest', 'Manifest'],
  ['form', 'Forms'],
  ['http', 'Calling the provider'],
  ['errors', 'Errors'],
  ['signature', 'Signatures'],
  ['reading', 'Reading answers'],
  ['days', 'Calendar days'],
  ['sandbox', 'Simulator'],
];
const KIT = [
  'trouble',
  'command',
  'refusal',
  'request',
  'random',
  'documents',
  'deliveries',
  'consent',
  'tokens',
  'call-log',
  'saved-state',
];
const TARGET = join(ROOT, 'docs', 'contract.md');
const DECLARATION =
  /(?:^\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?^export (?:async )?(interface|type|class|function|const) (\w+)[\s\S]*?(?=\n\n|\n\/\*\*|\nexport |$(?![\s\S]))/gm;

const text = contractPage((name) => readFileSync(join(ROOT, 'core', 'sdk', `${name}.ts`), 'utf8'));
if (process.argv.includes('--check')) {
  if (readFileSync(TARGET, 'utf8') !== text) fail('docs/contract.md is not current; run npm run docs and commit it.');
} else writeFileSync(TARGET, text);

function contractPage(read) {
  const intro = [
    '# The contract',
    '',
    'Everything `patchbay` exports, from its docstrings; `npm run docs` writes this page. How the parts go together is in [Write a plugin](plugins.md).',
  ];
  const sections = PAGES.flatMap(([file, title]) => ['', `## ${title}`, ...entriesOf(read(file)).flatMap(entry)]);
  const kit = [
    '',
    '## The simulator kit',
    '',
    'What `patchbay/simulator` exports; how its parts go together is in [Write a simulator](simulators.md).',
  ];
  const parts = KIT.flatMap((file) => entriesOf(read(`simulator/${file}`)).flatMap(entry));
  return `${[...intro, ...sections, ...kit, ...parts].join('\n')}\n`;
}

/** Exports of a file by name; overloads stand together. */
function entriesOf(source) {
  const entries = new Map();
  for (const { index, groups: _, ...match } of source.matchAll(DECLARATION)) {
    const [, comment, kind, name] = Object.values(match);
    const start = source.indexOf('export', index + (comment === undefined ? 0 : comment.length + 5));
    const known = entries.get(name);
    // The last of several is the one that is not seen from outside.
    if (known?.kind === 'function' && comment === undefined) continue;
    const code = shown(kind, source.slice(start));
    entries.set(name, {
      name,
      kind,
      comments: [...(known?.comments ?? []), prose(comment)],
      code: [...(known?.code ?? []), code],
    });
  }
  return [...entries.values()];
}

/** The declaration as it is seen from outside: of functions the head only, of classes those of their public members. */
function shown(kind, source) {
  const code = source.replace(/^export (async )?/, '');
  if (kind === 'class') return classOf(code);
  if (kind === 'function') return headOf(code);
  return (code.match(/^(?:[^\n]*\{\n[\s\S]*?\n\}(?! & \{)[^\n]*|[\s\S]*?;)(?=\n)/) ?? [code])[0];
}

/** Members stand two spaces in, what is in them further; `#` makes one private. */
function classOf(code) {
  const whole = code.slice(0, code.indexOf('\n}'));
  const head = whole.slice(0, whole.indexOf(' {'));
  const members = whole.matchAll(
    /(?:^ {2}\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?^ {2}(?!readonly [#[]|override|async #)[a-zA-Z][\s\S]*?(?: \{|;)$/gm,
  );
  const shown = [...members].map(([member]) =>
    member
      .replace(/^ {2}async /m, '  ')
      .replace(/ = \d[\d_]*;$/, ': number;')
      .replace(/ = [^\n]*;$/, ';')
      .replace(/ \{$/, ';'),
  );
  return shown.length > 0 ? `${head} {\n${shown.join('\n')}\n}` : head;
}

/** The first line where it holds all parameters, else up to the line that closes them. */
function headOf(code) {
  const [first] = code.split('\n');
  const head = /\)[^()]*( \{|;)$/.test(first) ? first : code.match(/^[\s\S]*?\n[)}].*/)[0];
  return head.replace(/( \{|;)$/, '');
}

function prose(comment) {
  if (comment === undefined) return undefined;
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\*? ?/, '').trimEnd());
  return lines
    .join('\n')
    .replaceAll(/\{@link (\w+)\}/g, '`$1`')
    .trim();
}

function entry({ name, comments, code }) {
  if (comments.some((one) => !one)) fail(`${name} of core/sdk has no docstring.`);
  return ['', `### ${name}`, '', comments.join('\n\n'), '', '```ts', ...code, '```'];
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
