import { describe, expect, it } from '@jest/globals';
import { manifest } from './manifest.ts';
import { handlers, newRig } from './test-rig.ts';

describe('the choices of forms', () => {
  it('come from the location, under the names the forms use', async () => {
    const ctx = newRig().ctx();
    const load = (name: string, draft = {}) => handlers.options[name]?.(ctx, draft) ?? Promise.resolve([]);
    expect((await load('calendars')).map(({ label }) => label)).toEqual([
      'Body check',
      'Free trial session',
      'Personal training',
    ]);
    expect((await load('pipelines')).map(({ label }) => label)).toEqual(['Memberships', 'Corporate']);
    expect(await load('tags')).toContainEqual({ value: 'vip', label: 'vip' });
    expect((await load('users')).map(({ label }) => label)).toEqual(['Leo Park', 'Mia Keller', 'Nina Duarte']);
    const [first] = await load('pipelines');
    expect((await load('stages', { pipelineId: first?.value })).map(({ label }) => label)).toContain('Trial booked');
    expect((await load('stages')).map(({ label }) => label)).toContain('Corporate: First call');
  });

  it('exist for every name a form mentions', () => {
    const named = JSON.stringify([handlers.actions, manifest.config]).match(/"x-options":"\w+"/g) ?? [];
    for (const one of new Set(named)) expect(Object.keys(handlers.options)).toContain(one.split('"')[3]);
  });
});
