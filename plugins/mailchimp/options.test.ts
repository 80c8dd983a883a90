import { describe, expect, it } from '@jest/globals';
import { BLUE_FITNESS } from './sandbox/demo.ts';
import { handlers, MEMBERS, newRig, type Rig } from './test-rig.ts';

describe('the choices of forms', () => {
  const load = (rig: Rig, name: string, draft = {}) => handlers.options[name]?.(rig.ctx(), draft) ?? Promise.resolve([]);

  it('come from the account and the chosen audience, under the names the forms use', async () => {
    const rig = newRig();
    expect((await load(rig, 'audiences')).map(({ label }) => label).sort()).toEqual([
      'Corporate partners',
      'Members and friends',
    ]);
    expect(await load(rig, 'tags')).toContainEqual({ value: 'vip', label: 'vip' });
    expect(await load(rig, 'mergeFields')).toContainEqual({ value: 'FNAME', label: 'First Name (FNAME, text)' });
    expect((await load(rig, 'interests')).map(({ label }) => label)).toContain('Classes: Yoga');
  });

  it('follow the audience as it is being chosen', async () => {
    const draft = { audienceId: BLUE_FITNESS.audiences[1]?.id };
    expect((await load(newRig(), 'tags', draft)).map(({ value }) => value)).toEqual(['contract signed', 'prospect']);
    expect(await load(newRig(), 'mergeFields', draft)).toContainEqual({
      value: 'COMPANY',
      label: 'Company (COMPANY, text, required)',
    });
  });

  it('are those of all audiences while none is chosen, each once', async () => {
    const rig = newRig();
    const { audienceId: _, ...config } = rig.ctx().config;
    const fields = (await handlers.options['mergeFields']?.({ ...rig.ctx(), config }, {})) ?? [];
    expect(fields.filter(({ value }) => value === 'FNAME')).toHaveLength(1);
    expect(rig.seen.map(({ req }) => req.path)).toContain(`/3.0/lists/${MEMBERS}/merge-fields`);
  });

  it('exist for every name a form mentions', () => {
    const named = JSON.stringify([handlers.actions, rigForms()]).match(/"x-(options|keys)":"\w+"/g) ?? [];
    for (const one of new Set(named)) expect(Object.keys(handlers.options)).toContain(one.split('"')[3]);
  });
});

function rigForms(): unknown {
  return newRig().base.manifest.config;
}
