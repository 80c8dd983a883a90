import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Plugin } from '../sdk/index.ts';
import type { Sentences } from './phrasebook.ts';
import { sentenceAdvice } from './sentences-check.ts';

const ROOT = join(import.meta.dirname, '../..');
const PLUGINS = join(ROOT, 'plugins');
const HUB = JSON.parse(readFileSync(join(ROOT, 'views/sentences/de.json'), 'utf8')) as Sentences;
/** As `core/web/words/plugin-texts.ts` reads them. */
const READ = new Set(['title', 'summary', 'description', 'guide', 'reason', 'unproven', 'x-pattern-message']);
const LABELS = new Set(['x-labels', 'x-keys']);

function textsIn(value: unknown, read = false): string[] {
  if (typeof value === 'string') return read ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    LABELS.has(key) && typeof one === 'object' && one !== null
      ? Object.values(one).flatMap((label) => textsIn(label, true))
      : textsIn(one, !Array.isArray(value) && READ.has(key)),
  );
}

describe('a plugin that is shipped', () => {
  const ids = readdirSync(PLUGINS);

  it.each(ids)('says everything it shows in German as well: %s', async (id) => {
    const { default: plugin } = (await import(join(PLUGINS, id, 'index.ts'))) as { default: Plugin };
    const { texts = {}, ...manifest } = plugin.manifest;
    const { streams = {}, actions = {} } = plugin.handlers ?? {};
    const said = [...textsIn(manifest), ...textsIn(streams), ...textsIn(actions)];
    const counted = Object.values(streams).map(({ title }) => `{count} ${title}`);
    expect(said.length).toBeGreaterThan(0);
    expect([...said, ...counted].filter((text) => !texts['de']?.[text])).toEqual([]);
  });

  it.each(ids)('says everything in German that its source says while it runs, and nothing else: %s', async (id) => {
    const dir = join(PLUGINS, id);
    const folder = { id, dir, path: dir, label: `plugins/${id}`, entry: 'index.ts', sandbox: undefined };
    expect(await sentenceAdvice(folder, { de: HUB })).toEqual([]);
  });
});
