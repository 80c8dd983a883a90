import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { discover } from './discover.ts';
import { loadFolder } from './load.ts';

const folders = await discover([join(import.meta.dirname, '../../plugins')]);

describe('a plugin that ships with the hub', () => {
  it.each(folders.map((folder) => [folder.id, folder] as const))('passes the check: %s', async (_, folder) => {
    const { error, icon } = await loadFolder(folder);
    expect(error).toBeUndefined();
    expect(icon).toContain('<svg');
  });
});
