import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { bundleWarnings } from '../plugins/bundle.ts';
import { discover, type PluginFolder } from '../plugins/discover.ts';
import { gradeApart } from '../plugins/grade-apart.ts';
import { type Finding, type Grade, type Graded, writtenFinding } from '../plugins/rules.ts';
import { checkTypes, type TypeCheck } from '../plugins/types-check.ts';
import { type Command, type Io, positional, UsageError } from './command.ts';

export const pluginCheckCommand: Command = {
  name: 'plugin check',
  summary: 'hold a plugin against every rule, give its grade and check its types; exit 1 when either would not do',
  usage: '  <folder>   the folder of a plugin, or its id where it lies in PLUGIN_DIRS\n  --json     as JSON',
  async run(args, io) {
    const { values, word } = positional(args, '<folder>', { json: { type: 'boolean', default: false } });
    const folder = await findFolder(word, io);
    // It brings a parser, which no other command needs.
    const { sentenceAdvice } = await import('../plugins/sentences-check.ts');
    const { hubSentences } = await import('../web/words/said.ts');
    const [result, types, warnings, advice] = await Promise.all([
      gradeApart(folder),
      checkTypes(folder),
      bundleWarnings(folder),
      sentenceAdvice(folder, hubSentences()),
    ]);
    if (values.json) io.out(JSON.stringify({ plugin: folder.id, ...result, types, warnings, advice }, undefined, 2));
    else for (const line of [...report(folder, result, types), ...warningsSaid(warnings), ...adviceSaid(advice)]) io.out(line);
    return types.faults.length > 0 || result.findings.some(({ level }) => level === 'error') ? 1 : 0;
  },
};

/** A path, or the id of a plugin the hub would find. Findings name a path as it was given. */
async function findFolder(named: string, io: Io): Promise<PluginFolder> {
  const homes = /^[\w-]+$/.test(named) && !existsSync(named) ? io.readConfig().pluginDirs : [];
  const paths = [resolve(named), ...homes.map((dir) => join(dir, named))];
  const path = paths.find((one) => existsSync(one));
  if (path === undefined) throw new UsageError(`There is no folder ${named}.`);
  const found = await discover([dirname(await realpath(path))]);
  const folder = found.find(({ dir, label }) => basename(label) === basename(path) || dir === path);
  if (!folder)
    throw new UsageError(`${named} holds no index.ts or index.js, so it is no plugin; docs/plugins.md shows what to write.`);
  return path === resolve(named) ? called(folder, named.replace(/[\\/]+$/, '')) : folder;
}

function called(folder: PluginFolder, label: string): PluginFolder {
  const { problem } = folder;
  return { ...folder, label, ...(problem !== undefined && { problem: problem.replace(folder.label, label) }) };
}

function report({ label }: PluginFolder, { grade, findings }: Graded, types: TypeCheck): string[] {
  const found = [...findings.map(writtenFinding), ...types.faults];
  return [
    ...found,
    ...(found.length > 0 ? [''] : []),
    `${label}: ${grade === 'none' ? 'no grade' : grade}`,
    findings.length === 0 ? 'Every rule is kept.' : nextStep(grade, findings),
    ...typesSaid(types),
  ];
}

function typesSaid({ faults, skipped }: TypeCheck): string[] {
  if (skipped !== undefined) return [`Types were not checked: ${skipped}.`];
  if (faults.length === 0) return [];
  const mistakes = faults.length === 1 ? 'one mistake' : `${faults.length} mistakes`;
  return [`The TypeScript compiler finds ${mistakes}; the grade does not count them, mend them all the same.`];
}

function warningsSaid(warnings: readonly string[]): string[] {
  if (warnings.length === 0) return [];
  return ['', ...warnings, '', 'The bundler takes this, but doubts that it is meant; the grade does not count it.'];
}

/** No mistake: what is not translated is shown in English, and texts that never reach a person may be among it. */
function adviceSaid(advice: readonly string[]): string[] {
  if (advice.length === 0) return [];
  const count = advice.length === 1 ? 'One sentence' : `${advice.length} sentences`;
  return ['', ...advice, '', `${count} to translate, or to take out; the grade does not count them.`];
}

function nextStep(grade: Grade, findings: readonly Finding[]): string {
  const worst = findings[0]?.level;
  const rules = [...new Set(findings.filter(({ level }) => level === worst).map(({ rule }) => rule))].join(', ');
  if (worst === 'error') return `It would not be loaded. Mend ${rules} first; docs/checker-rules.md says why and how.`;
  const step = grade === 'none' ? 'It loads. For' : 'For';
  return `${step} ${worst}, mend ${rules}; docs/checker-rules.md says why and how.`;
}
