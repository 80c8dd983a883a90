import { readIfThere } from './bundle.ts';
import type { Breach } from './check.ts';
import type { PluginFolder } from './discover.ts';
import { type Exported, placeOfHandler, placeOfOwner } from './function-place.ts';
import { exactLineOf, lineOf, type Path } from './locate.ts';
import { type Finding, RULES, type RuleId } from './rules.ts';

/** How many findings a message lists; the author mends these first anyway. */
const SHOWN = 5;

/** Gives each breach its file and, where it can be found, its line: that of the handler itself where it is one's. */
export function findingsOf(folder: PluginFolder, breaches: readonly Breach[], exported?: Exported): Promise<Finding[]> {
  return Promise.all(
    breaches.map(async (breach) => {
      const { rule, message } = breach;
      const handler = exported && (await placeAtHandler(folder, exported, breach));
      return { rule, level: RULES[rule].level, ...(handler ?? (await placeOf(folder, breach))), message };
    }),
  );
}

/** Most authors write handlers in files of their own, which the index only puts together. */
async function placeAtHandler(folder: PluginFolder, exported: Exported, { file, path }: Breach): Promise<Place | undefined> {
  if (file !== 'index' || !path) return undefined;
  const itself = placeOfHandler(folder, exported, path);
  if (itself) return itself;
  const source = (await readIfThere(folder, folder.entry)) ?? '';
  if (exactLineOf(source, path) !== undefined) return undefined;
  const owner = placeOfOwner(folder, exported, path);
  return (await placeInConstant(folder, path, owner?.file)) ?? owner;
}

/** What stands in a constant of its own, `const streams = { customers: { … } }`, in the index or beside its owner. */
async function placeInConstant(folder: PluginFolder, [, ...path]: Path, owner: string | undefined): Promise<Place | undefined> {
  if (path.length < 2) return undefined;
  for (const file of [folder.entry, ...(owner ? [owner.slice(folder.label.length + 1)] : [])]) {
    const line = exactLineOf((await readIfThere(folder, file)) ?? '', path);
    if (line !== undefined) return { file: `${folder.label}/${file}`, line };
  }
  return undefined;
}

/** The findings as lines that begin with file and line: `plugins/acme/manifest.ts:12: auth[0].title is missing; …`. */
export function describeFindings(findings: readonly Finding[]): string {
  const lines = findings
    .slice(0, SHOWN)
    .map(({ file, line, message }) => `${file}${line === undefined ? '' : `:${line}`}: ${message}`);
  return [...lines, ...(findings.length > SHOWN ? [`… and ${findings.length - SHOWN} more`] : [])].join('\n');
}

/** A folder that could not even be run: its message begins with file and line. */
export function thrownFinding(folder: PluginFolder, text: string): Finding {
  const rule = thrownRule(folder, text);
  const start = text.startsWith(folder.label) ? folder.label.length : -1;
  const [, file = '', line, message = text] = (start < 0 ? null : text.slice(start).match(/^([^:]*)(?::(\d+))?: (.*)$/s)) ?? [];
  return { rule, level: 'error', file: `${folder.label}${file}`, ...(line !== undefined && { line: Number(line) }), message };
}

function thrownRule({ problem }: PluginFolder, text: string): RuleId {
  if (problem !== undefined) return 'P001';
  if (/: (threw while loading|did not finish loading)/.test(text) && !text.includes("out of a plugin's reach")) return 'P004';
  return text.includes("out of a plugin's reach") ? 'P003' : 'P002';
}

type Place = Pick<Finding, 'file' | 'line'>;

async function placeOf(folder: PluginFolder, { path, file }: Breach): Promise<Place> {
  if (file === 'sandbox') return { file: `${folder.label}/${folder.sandbox}` };
  if (file !== undefined && file !== 'index') return named(folder, file);
  const candidates = file === 'index' ? [folder.entry] : ['manifest.ts', 'manifest.js', folder.entry];
  let there: string | undefined;
  for (const name of candidates) {
    const source = await readIfThere(folder, name);
    if (source === undefined) continue;
    there ??= name;
    const line = path && lineOf(source, path);
    if (line !== undefined) return { file: `${folder.label}/${name}`, line };
  }
  return { file: there === undefined ? folder.label : `${folder.label}/${there}` };
}

/** `icon.svg:3`, or the folder itself for an empty name. */
function named({ label }: PluginFolder, file: string): Place {
  const [, name = file, line] = file.match(/^(.*?)(?::(\d+))?$/) ?? [];
  return { file: name === '' ? label : `${label}/${name}`, ...(line !== undefined && { line: Number(line) }) };
}
