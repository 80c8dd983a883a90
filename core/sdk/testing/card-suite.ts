import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { Form, Plugin } from '../index.ts';
import { isBareSecret } from './secret-names.ts';

/** What stores see before anything is connected. */
export function cardSuite(plugin: Plugin, folder: string): void {
  it('has an icon and a README', () => {
    expect(fileOf(folder, 'icon.svg', 'draw one of plain shapes, 48 by 48 (P101)')).toMatch(/^\s*(<\?xml[^>]*>\s*)?<svg[\s>]/);
    expect(fileOf(folder, 'README.md', 'tell an operator what to create at the provider (P102, P207)')).toMatch(/\S/);
  });

  it('says on its card what a store gets', () => {
    expect(plugin.manifest.name).toMatch(/\S/);
    expect(plugin.manifest.summary).toMatch(/\S.{10,}/);
  });

  it('is data only, so that it can be stored and sent', () => {
    expect(JSON.parse(JSON.stringify(plugin.manifest))).toEqual(plugin.manifest);
  });

  it.each(formsOf(plugin))('labels every field of %s and marks its secrets', (_, form) => {
    for (const [name, field] of Object.entries(form.properties)) {
      expect({ name, title: field.title }).toEqual({ name, title: expect.stringMatching(/\S/) });
      expect({ name, bareSecret: isBareSecret(name, field) }).toEqual({ name, bareSecret: false });
    }
  });
}

/** @throws Error saying what to write, where the file is not there */
function fileOf(folder: string, name: string, remedy: string): string {
  const path = join(folder, name);
  if (!existsSync(path)) throw new Error(`There is no ${name} in ${folder}; ${remedy}.`);
  return readFileSync(path, 'utf8');
}

/** Every form by its place in the plugin; the empty form where there is none, as jest wants at least one. */
function formsOf({ manifest, handlers }: Plugin): [string, Form][] {
  if (!handlers) return [['nothing', { type: 'object', properties: {} }]];
  const actions = Object.entries(handlers.actions ?? {}).map(([name, { input }]): [string, Form] => [
    `the action ${name}`,
    input,
  ]);
  const ways = manifest.auth.flatMap((auth): [string, Form][] => (auth.method === 'manual' ? [['the keys', auth.fields]] : []));
  const app: [string, Form][] = manifest.app ? [["the operator's app", manifest.app]] : [];
  return [['the settings', manifest.config], ...app, ...ways, ...actions];
}
