import type { DataSource } from 'typeorm';
import type { Config } from '../config.ts';
import { createLog } from '../log.ts';
import { Registry, type Template } from '../plugins/registry.ts';
import { TemplateStore } from '../plugins/template-store.ts';
import { type Command, options } from './command.ts';
import { withDatabase } from './with-database.ts';

export const pluginListCommand: Command = {
  name: 'plugin list',
  summary: 'list the plugins with their state, and why one failed',
  usage: '  --json   as JSON',
  async run(args, io) {
    const { json } = options(args, { json: { type: 'boolean', default: false } });
    const config = io.readConfig();
    const templates = await withDatabase(config, (dataSource) => readTemplates(config, dataSource));
    if (json) io.out(JSON.stringify(templates.map(rowOf), undefined, 2));
    else for (const line of table(templates)) io.out(line);
    return templates.some(({ state }) => state === 'failed') ? 1 : 0;
  },
};

/** The plugins as a hub that starts now would find them. */
export async function readTemplates(config: Config, dataSource: DataSource): Promise<Template[]> {
  const store = new TemplateStore(dataSource);
  const registry = new Registry({ dirs: config.pluginDirs, store, log: createLog('silent') });
  await registry.load();
  return registry.templates();
}

function rowOf({ id, name, category, state, active, error }: Template) {
  return { id, name, category, state, active, ...(error !== undefined && { error }) };
}

function table(templates: readonly Template[]): string[] {
  const width = Math.max(...templates.map(({ id }) => id.length), 0);
  return templates.map(({ id, state, active, name, error }) => {
    const shown = active ? state : `${state} (off)`;
    return `${id.padEnd(width)}  ${shown.padEnd(12)}  ${name}${error === undefined ? '' : `\n${' '.repeat(width + 2)}${error}`}`;
  });
}
