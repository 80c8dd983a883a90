import { randomUUID } from 'node:crypto';
import type { Action, SandboxDemo } from '../sdk/index.ts';
import type { Rig } from '../sdk/testing/rig.ts';
import { type Attempt, attempt, inSimulator } from './attempt-check.ts';
import type { Breach } from './check.ts';
import { FormChecker } from './form-check.ts';

const forms = new FormChecker();

type Input = Readonly<Record<string, unknown>>;

/** Runs each action that the simulator's demo has an input for, or that needs none, on a fresh simulator. */
export async function actionBreaches(
  open: (action: Pick<Action, 'methods'>) => Rig,
  inputs: SandboxDemo['actions'] = {},
): Promise<Breach[]> {
  const probe = open({});
  const actions = Object.entries(probe.handlers.actions ?? {}) as [string, Action<never>][];
  await probe.close();
  const unknown = Object.keys(inputs).filter((name) => !actions.some(([known]) => known === name));
  const found = unknown.map((name) => inSimulator('P306', `demo.actions.${name} is for no action of this plugin; name one`));
  for (const [name, action] of actions) {
    const { input } = action;
    if (inputs[name] === undefined && (input.required ?? []).length > 0) continue;
    const rig = open(action);
    const problem = await problemOf(rig, name, inputs[name]).finally(() => rig.close());
    if (problem) found.push({ rule: 'P306', file: 'index', path: ['actions', name], message: `actions.${name} ${problem}` });
  }
  return found;
}

async function problemOf(rig: Rig, name: string, given: Input | undefined): Promise<string | undefined> {
  const action = rig.handlers.actions?.[name] as Action<never>;
  const filled = await attempt((async () => forms.check(action.input, given ?? {}))());
  if (filled.error) return `does not take its own input demo.actions.${name}: ${filled.error}`;
  const { ctx } = await rig.connect();
  const outcome = await attempt((async () => action.run(ctx, filled.value as Input, { id: randomUUID() }))());
  if (!outcome.error) return resultProblem(rig, outcome.value);
  if (given) return `fails on its own input demo.actions.${name}: ${outcome.error}; mend run, the input or the simulator`;
  return tripped(outcome) ? `trips (${outcome.error}); mend run, or name an input in demo.actions.${name}` : undefined;
}

/** Without an input that is known to do, a refusal in words is as good. */
function tripped({ error, consequence }: Attempt): boolean {
  return error !== undefined && consequence === undefined;
}

function resultProblem({ handlers }: Rig, result: unknown): string | undefined {
  const { data, effects = [] } = (result ?? {}) as { data?: unknown; effects?: readonly { readonly stream?: string }[] };
  if (typeof data !== 'object' || data === null || !Array.isArray(effects))
    return 'answers without `data`; return { data: { … }, effects: [ … ] }';
  const foreign = effects.find(({ stream }) => stream !== undefined && !Object.hasOwn(handlers.streams ?? {}, stream));
  return foreign ? `changes the stream "${foreign.stream}", which this plugin does not have; name one of its streams` : undefined;
}
