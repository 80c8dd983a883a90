import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Expression,
  isBinaryExpression,
  isCallExpression,
  isConditionalExpression,
  isExportDeclaration,
  isIdentifier,
  isImportDeclaration,
  isNewExpression,
  isNoSubstitutionTemplateLiteral,
  isParenthesizedExpression,
  isPropertyAccessExpression,
  isPropertyAssignment,
  isStringLiteral,
  isTemplateExpression,
  isTypeNode,
  type Node,
  type SourceFile,
  SyntaxKind,
} from 'typescript/unstable/ast';
import { API } from 'typescript/unstable/sync';
import { shownPath } from './bundle-words.ts';
import { isWithin } from './content-hash.ts';
import type { PluginFolder } from './discover.ts';
import { placesIn } from './phrasebook.ts';

/** A text of the source. */
export interface Spoken {
  /** With `{name}` where something is put in. */
  readonly sentence: string;
  /** `plugins/acme/explain.ts` */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** People may read it while the plugin works: it reads like a sentence, or stands where only what is shown does. */
  readonly isRead: boolean;
}

interface Place {
  readonly source: SourceFile;
  /** It stands where only what is shown does. */
  readonly shown: boolean;
  note(sentence: string, at: Node, shown: boolean): void;
}

/** Errors whose sentence reaches people; what a `PluginFault` or another error says is for whoever writes the plugin. */
const ERRORS = new Set(['Rejected', 'NotFound', 'ReconnectNeeded', 'TryLater']);
const SHOWN = new Set(['message', 'text', 'step', 'reason', 'notes']);
/** What the manifest and forms show is translated by `texts`. */
const TEXTS = new Set(['title', 'summary', 'description', 'guide', 'label', 'texts', 'sentences']);

/**
 * The texts in the sources a plugin is made of, its simulator and tests apart. Only what is shown stands in errors of the SDK
 * and in properties called `message`, `text`, `step`, `reason` or `notes`. What is put together of pieces elsewhere is found
 * in pieces.
 */
export async function spokenIn(folder: PluginFolder): Promise<Spoken[]> {
  const found: Spoken[] = [];
  await withSources(folder, (source) => {
    const note: Place['note'] = (sentence, at, shown) => {
      const line = source.text.slice(0, at.getStart(source)).split('\n').length;
      found.push({ sentence, file: shownPath(folder, source.fileName), line, isRead: readsAsText(sentence, shown) });
    };
    walk(source, { source, shown: false, note });
  });
  return found;
}

/** Parsed by the compiler, which follows the imports from the folder's entry. */
async function withSources(folder: PluginFolder, read: (source: SourceFile) => void): Promise<void> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'patchbay-sentences-')));
  const api = new API({ cwd: home });
  try {
    const compilerOptions = {
      noLib: true,
      types: [],
      allowJs: true,
      noEmit: true,
      module: 'esnext',
      moduleResolution: 'bundler',
    };
    const project = join(home, 'tsconfig.json');
    const files = [join(folder.dir, folder.entry)];
    await writeFile(
      project,
      JSON.stringify({ compilerOptions: { ...compilerOptions, allowImportingTsExtensions: true }, files }),
    );
    const program = api.updateSnapshot({ openProjects: [project] }).getProject(project)?.program;
    for (const name of program?.getSourceFileNames() ?? []) {
      if (!isWithin(folder.dir, name) || /\/node_modules\//.test(name)) continue;
      const source = program?.getSourceFile(name);
      if (source) read(source);
    }
  } finally {
    api.close();
    await rm(home, { recursive: true });
  }
}

function walk(node: Node, place: Place): void {
  if (isImportDeclaration(node) || isExportDeclaration(node) || isTypeNode(node)) return;
  const pieces = piecesOf(node);
  if (pieces) {
    place.note(asSentence(pieces), node, place.shown);
    for (const piece of pieces) if (typeof piece !== 'string') walk(piece, { ...place, shown: false });
    return;
  }
  if (isCallExpression(node) || isNewExpression(node)) called(node, place);
  else if (isPropertyAssignment(node)) {
    const name = node.name.getText(place.source).replace(/['"]/g, '');
    if (!TEXTS.has(name) && !name.startsWith('x-')) walk(node.initializer, { ...place, shown: SHOWN.has(name) });
  } else {
    const through = isParenthesizedExpression(node) || isChoice(node);
    const asked = isConditionalExpression(node) ? node.condition : undefined;
    node.forEachChild((child) => walk(child, through && child !== asked ? place : { ...place, shown: false }));
  }
}

/** One of several: `a ? b : c`, `a ?? b`, `a || b`. */
function isChoice(node: Node): boolean {
  if (!isBinaryExpression(node)) return isConditionalExpression(node);
  return [SyntaxKind.QuestionQuestionToken, SyntaxKind.BarBarToken].includes(node.operatorToken.kind);
}

function called(
  node: Node & { readonly expression: Expression; readonly arguments?: readonly Expression[] | undefined },
  place: Place,
) {
  const callee = node.expression.getText(place.source);
  if (isNewExpression(node) ? /Error$|^PluginFault$/.test(callee) : /\blog\??\.\w+$/.test(callee)) return;
  const isError = isNewExpression(node) && ERRORS.has(callee);
  walk(node.expression, { ...place, shown: false });
  node.arguments?.forEach((argument, i) => {
    walk(argument, { ...place, shown: isError && i === 0 });
  });
}

/** A text and what is put into it, in order; undefined where it is none. */
function piecesOf(node: Node): (string | Expression)[] | undefined {
  if (isStringLiteral(node) || isNoSubstitutionTemplateLiteral(node)) return [node.text];
  if (isTemplateExpression(node)) {
    return [node.head.text, ...node.templateSpans.flatMap(({ expression, literal }) => [expression, literal.text])];
  }
  if (!isBinaryExpression(node) || node.operatorToken.kind !== SyntaxKind.PlusToken) return undefined;
  const [left, right] = [piecesOf(node.left), piecesOf(node.right)];
  return left || right ? [...(left ?? [node.left]), ...(right ?? [node.right])] : undefined;
}

/** A place at either end that is a sentence of its own is left out: it may be empty. */
function asSentence(pieces: readonly (string | Expression)[]): string {
  const names: string[] = [];
  const written = pieces.map((piece) => (typeof piece === 'string' ? piece : `{${placeName(piece, names)}}`));
  return written
    .join('')
    .trim()
    .replace(/(?<=[.!?]) ?\{\w+\}$/, '')
    .replace(/^\{\w+\} (?=\p{Lu})/u, '');
}

function placeName(expression: Expression, taken: string[]): string {
  const own = isCallExpression(expression) ? expression.expression : expression;
  const called = isIdentifier(own) ? own.text : isPropertyAccessExpression(own) ? own.name.text : 'value';
  const name = called.replace('#', '');
  const free = taken.includes(name) ? `${name}${taken.length + 1}` : name;
  taken.push(free);
  return free;
}

function readsAsText(sentence: string, shown: boolean): boolean {
  const words = sentence.replace(/\{\w+\}/g, ' ').split(/\s+/);
  const natural = words.filter((word) => /^["“'(]*\p{L}[\p{L}’'-]*["”')]*[.,;:!?]*$/u.test(word));
  const isSaid = /\{\w+\}.*[.!?]$/.test(sentence) && !/[/=<&]/.test(sentence);
  if (shown || isSaid) return natural.some((word) => word.length > 2);
  return natural.length > 1 && natural.length * 2 >= words.length && natural.some((word) => /^\p{Ll}{2}/u.test(word));
}

/** What {@link instance} puts into a place. */
export const PLACE_HOLDER = /X\d+x/g;

/** The sentence with something in its places that is no word, so that it can be looked for. */
export function instance(sentence: string): string {
  return placesIn(sentence).reduce((text, name, i) => text.replace(`{${name}}`, `X${i}x`), sentence);
}
