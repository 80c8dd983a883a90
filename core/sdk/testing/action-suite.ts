import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import type { Action } from '../index.ts';
import type { Open, Rig } from './rig.ts';
import { OUTAGES, outcomeOf } from './trouble.ts';

type Input = Readonly<Record<string, unknown>>;

/** What an action does, and what it says when the provider does not do it. */
export function actionSuite(open: Open, name: string, input: Input | undefined): void {
  const given = async (rig: Rig, changes?: Parameters<Rig['connect']>[0]) => {
    const { ctx } = await rig.connect(changes);
    const action = rig.handlers.actions?.[name] as Action<never>;
    return action.run(ctx, input ?? sampleOf(action), { id: randomUUID() });
  };

  it('answers with plain data and changes only its own streams', async () => {
    const rig = open();
    const work = given(rig);
    // Without an input that the simulator is known to take, a refusal in words is as good.
    const outcome = input ? { value: await work } : await outcomeOf(work);
    if (!('value' in outcome)) return expect(outcome.message).toMatch(/\S/);
    const { data, effects = [] } = outcome.value as Awaited<ReturnType<Action['run']>>;
    expect(JSON.parse(JSON.stringify({ data, effects }))).toEqual({ data, effects });
    const streams = Object.keys(rig.handlers.streams ?? {});
    for (const effect of effects) if ('stream' in effect) expect(streams).toContain(effect.stream);
  });

  it.each(OUTAGES)('asks to try later when the provider %s', async (_, answer) => {
    const outcome = await outcomeOf(given(open.steady(), { answer }));
    const allowed = input ? ['try-later'] : ['try-later', 'rejected'];
    expect(allowed).toContain('consequence' in outcome ? outcome.consequence : 'success');
  });
}

/** Something for each required field: enough to get to the provider, where it may well be refused. */
function sampleOf({ input }: Action<never>): Input {
  const named = Object.entries(input.properties).filter(([name, field]) => input.required?.includes(name) || field.default);
  return Object.fromEntries(
    named.map(([name, field]): [string, unknown] => {
      if (field.default !== undefined) return [name, field.default];
      if (field.type === 'string') return [name, field.enum?.[0] ?? TEXTS[field.format ?? 'text']];
      if (field.type === 'boolean') return [name, false];
      if (field.type === 'object') return [name, {}];
      if (field.type === 'array') return [name, field.items.type === 'string' ? ['sample'] : []];
      return [name, field.minimum ?? 1];
    }),
  );
}

const TEXTS = {
  text: 'sample',
  uri: 'https://example.com/sample',
  email: 'sample@example.com',
  date: '2026-01-31',
  'date-time': '2026-01-31T09:30:00Z',
} as const;
