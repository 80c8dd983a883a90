import { Rejected } from '../errors.ts';
import type { Form, Values } from '../form.ts';
import type { SandboxCommand } from '../sandbox.ts';
import { Refusal } from './refusal.ts';

/** The form of a button that asks nothing. */
export const NO_INPUT = { type: 'object', properties: {} } as const;

/** Declares a button of the panel, its input typed by its form. What the provider would refuse, it refuses in the same words. */
export function command<const F extends Form>(given: {
  readonly title: string;
  readonly description?: string;
  readonly input: F;
  run(input: Values<F>): Promise<{ message: string; [key: string]: unknown }>;
}): SandboxCommand {
  return {
    ...given,
    async run(input) {
      try {
        return await given.run(input as Values<F>);
      } catch (error) {
        if (error instanceof Refusal) throw new Rejected(error.message);
        throw error;
      }
    },
  };
}

/** A field in which one of a few is chosen by its name; the first one when nothing is. */
export function choiceField(title: string, choices: readonly { readonly id: string; readonly name: string }[]) {
  return {
    type: 'string',
    title,
    enum: choices.map(({ id }) => id),
    'x-labels': Object.fromEntries(choices.map(({ id, name }) => [id, name])),
    default: choices[0]?.id ?? '',
  } as const;
}

/** Puts everything back as on the first day. */
export function resetCommand(
  reset: () => void,
  description = 'All data as on the first day; connections made so far stop working.',
): SandboxCommand {
  return command({
    title: 'Start over',
    description,
    input: NO_INPUT,
    async run() {
      reset();
      return { message: 'Everything is as on the first day.' };
    },
  });
}
