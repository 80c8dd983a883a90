import { isAbsolute, join, relative, resolve } from 'node:path';
import { type Abilities, writePlugin } from '../plugins/scaffold/scaffold.ts';
import { type Command, type Io, positional } from './command.ts';

const QUESTIONS: readonly (readonly [keyof Abilities, string, boolean])[] = [
  ['oauth', 'Do stores sign in at the provider (OAuth)?', false],
  ['keys', 'Can they paste an API key instead?', true],
  ['webhooks', 'Does the provider send webhooks?', true],
  ['sync', 'Are there records to sync?', true],
  ['actions', 'Shall stores write to the provider (actions)?', false],
];
const FLAG = { type: 'boolean', default: false } as const;

export const pluginNewCommand: Command = {
  name: 'plugin new',
  summary: 'write the folder of a new plugin that works at once against a simulator of its own',
  usage: [
    '  <id>          the name of the folder: small letters, digits and hyphens',
    '  --oauth       stores sign in at the provider',
    '  --keys        stores paste an API key (also when no other way is named)',
    '  --webhooks    the provider sends webhooks',
    '  --sync        there are records to sync',
    '  --actions     stores write to the provider',
    '  --dir <path>  where the folder goes; default the first of PLUGIN_DIRS',
    '  Without a flag it asks on a terminal, and takes keys and sync elsewhere.',
  ].join('\n'),
  async run(args, io) {
    const abilityFlags = { oauth: FLAG, keys: FLAG, webhooks: FLAG, sync: FLAG, actions: FLAG };
    const spec = { ...abilityFlags, dir: { type: 'string' } } as const;
    const { values, word } = positional(args, '<id>', spec);
    const { dir: given, ...named } = values;
    const abilities = Object.values(named).some(Boolean) ? named : await ask(io);
    if (!abilities) {
      io.err('Nothing was written.');
      return 1;
    }
    const whole = { ...abilities, keys: abilities.keys || !abilities.oauth };
    const dir = resolve(given ?? io.readConfig().pluginDirs[0] ?? 'plugins');
    const files = await writePlugin(dir, word, whole);
    const folder = shown(join(dir, word));
    for (const file of files) io.out(`  ${folder}/${file}`);
    io.out(`Next: npm run hub -- plugin check ${folder}, then node bin/test.js ${folder}. docs/plugins.md says what to change.`);
    return 0;
  },
};

/** From here on where it lies below, else in full: whoever set PLUGIN_DIRS looks for it elsewhere. */
function shown(folder: string): string {
  const near = relative('', folder);
  return near.startsWith('..') || isAbsolute(near) ? folder : near;
}

/** One question for each ability; a blank answer takes what most plugins are. Undefined when they are not all answered. */
async function ask({ readLines }: Io): Promise<Abilities | undefined> {
  const answers = { oauth: false, keys: true, webhooks: false, sync: true, actions: false };
  const typed = await readLines?.(QUESTIONS.map(([, question, usual]) => `${question} [${usual ? 'Y/n' : 'y/N'}] `));
  if (typed === undefined) return answers;
  if (typed.length < QUESTIONS.length) return undefined;
  for (const [at, [ability, , usual]] of QUESTIONS.entries()) {
    const line = typed[at]?.trim() ?? '';
    answers[ability] = line === '' ? usual : /^y/i.test(line);
  }
  return answers;
}
