import { expect, it } from '@jest/globals';
import type { Form, Option } from '../index.ts';
import type { LinkChanges, Open, Rig } from './rig.ts';
import { OUTAGES, outcomeOf } from './trouble.ts';

type Draft = Readonly<Record<string, unknown>>;

/** Is there something to choose from, and what happens when the provider does not play along? */
export function loaderSuite(open: Open, name: string, inputs: Readonly<Record<string, Draft>> = {}): void {
  it(`offers choices with a value and a label from options.${name}`, async () => {
    for (const draft of draftsOf(open.steady(), name, inputs)) {
      const { outcome } = await choices(open.steady(), { name, draft });
      expect(outcome).toEqual({ value: expect.any(Array) });
      for (const option of 'value' in outcome ? (outcome.value as Option[]) : [])
        expect(option).toEqual({ value: expect.any(String), label: expect.stringMatching(/\S/) });
    }
  });

  it.each(OUTAGES)(`asks to try later in options.${name} when the provider %s`, async (_, answer) => {
    for (const draft of draftsOf(open.steady(), name, inputs)) {
      const { outcome, calls } = await choices(open.steady(), { name, draft, answer });
      // Nothing was chosen yet that it depends on, or there is nothing to choose from: nobody need be asked.
      if (calls === 0) expect(outcome).toEqual({ value: [] });
      else expect(outcome).toMatchObject({ consequence: 'try-later' });
    }
  });
}

interface Question extends Pick<LinkChanges, 'answer'> {
  readonly name: string;
  readonly draft: Draft;
}

async function choices(rig: Rig, { name, draft, answer }: Question) {
  let calls = 0;
  const { ctx } = await rig.connect({
    answer: (request, forward) => {
      calls += 1;
      return (answer ?? ((asked) => forward(asked)))(request, forward);
    },
  });
  const load = rig.handlers.options?.[name];
  const outcome = await outcomeOf((async () => load?.(ctx, draft))());
  return { outcome, calls };
}

/** An empty form, and each form that asks for these choices as the simulator's `demo` fills it in. */
function draftsOf({ manifest, handlers, config }: Rig, name: string, inputs: Readonly<Record<string, Draft>>): Draft[] {
  const actions = Object.entries(handlers.actions ?? {}).filter(([, { input }]) => asksFor(input, name));
  const given = actions.map(([action]) => inputs[action]).filter((input) => input !== undefined);
  return [{}, ...(asksFor(manifest.config, name) ? [config] : []), ...given];
}

type Chooser = { readonly 'x-options'?: string; readonly 'x-keys'?: unknown; readonly items?: Partial<Form> | object };

/** Also in the columns of a table. */
function asksFor({ properties }: Pick<Form, 'properties'>, name: string): boolean {
  return Object.values(properties).some((field) => {
    const { 'x-options': choices, 'x-keys': keys, items } = field as Chooser;
    const columns = (items as Partial<Form> | undefined)?.properties;
    return choices === name || keys === name || (columns !== undefined && asksFor({ properties: columns }, name));
  });
}
