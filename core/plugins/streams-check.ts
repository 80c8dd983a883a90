import type { Checkpoint, Page } from '../sdk/index.ts';
import { modelProblem } from '../sdk/testing/model-check.ts';
import type { Rig } from '../sdk/testing/rig.ts';
import { byId, repeats, runStream, sample, stuck } from '../sdk/testing/runs.ts';
import { GARBAGE, garbage, OUTAGES } from '../sdk/testing/trouble.ts';
import { type Attempt, attempt, said } from './attempt-check.ts';
import type { Breach } from './check.ts';
import type { RuleId } from './rules.ts';

const CHECKPOINTS_TRIED = 5;

/** Runs these streams against the simulator: does each get on, end, resume, and tell trouble from an end? */
export async function streamBreaches(open: () => Rig, names: readonly string[]): Promise<Breach[]> {
  if (names.length === 0) return [];
  const rig = open();
  try {
    const found: Breach[] = [];
    for (const name of names) found.push(...(await oneStream(rig, name)));
    return found;
  } finally {
    await rig.close();
  }
}

async function oneStream(rig: Rig, name: string): Promise<Breach[]> {
  const at = (rule: RuleId, message: string): Breach => ({
    rule,
    file: 'index',
    path: ['streams', name],
    message: `streams.${name} ${message}`,
  });
  const whole = await attempt(runStream(rig, name));
  if (whole.error) return [at('P106', `does not come to its end: ${whole.error}; mend sync or the simulator`)];
  const pages = whole.value as Page[];
  const found: Breach[] = [];
  if (pages.length > 0 && stuck(pages).length > 0)
    found.push(at('P106', `gives the checkpoint ${JSON.stringify(stuck(pages)[0])} twice; move it with every page`));
  if (pages.some(({ checkpoint }) => !isFlat(checkpoint)))
    found.push(at('P106', 'has a checkpoint that is not flat; keep texts, numbers, true, false and null in it'));
  const unlike = modelProblem(
    rig.handlers.streams?.[name] ?? {},
    pages.flatMap(({ items }) => items),
    (await rig.connect()).account,
  );
  if (unlike) found.push({ ...at('P210', `${unlike}; mend model.of`), path: ['streams', name, 'model', 'of'] });
  const circle = await attempt(repeats(rig, name));
  if (circle.value === 'goes on')
    found.push(at('P106', 'asks for ever when the provider repeats a page; give every answer to the hub, which then stops it'));
  // A checkpoint that does not move cannot be resumed either; saying so once is enough.
  const resumed = found.some(({ rule }) => rule === 'P106') ? undefined : await resumeProblem(rig, name, pages);
  if (resumed) found.push(at('P204', resumed));
  return [...found, ...(await troubleBreaches(rig, name, at))];
}

async function resumeProblem(rig: Rig, name: string, pages: readonly Page[]): Promise<string | undefined> {
  for (const index of sample(pages.length, CHECKPOINTS_TRIED)) {
    const from = pages[index]?.checkpoint ?? null;
    const run = await attempt(runStream(rig, name, { from }));
    const place = `from the checkpoint of page ${index + 1} (${JSON.stringify(from)})`;
    if (run.error) return `cannot resume ${place}: ${run.error}; accept every checkpoint it gave`;
    const left = byId(pages.slice(index + 1));
    const met = byId(run.value as Page[]);
    const missed = [...left.keys()].filter((id) => !met.has(id));
    if (missed.length > 0)
      return `misses ${missed.length} records when it resumes ${place}, ${missed[0]} among them; resume at or before the next record`;
  }
  const last = pages.at(-1);
  if (pages.length < 2 || !last) return undefined;
  const again = byId((await runStream(rig, name, { from: last.checkpoint })) as Page[]);
  return again.size < byId(pages).size
    ? undefined
    : 'starts over from the checkpoint of its last page; let that one say that nothing is left (`{ done: true }`), and end there';
}

type At = (rule: RuleId, message: string) => Breach;

async function troubleBreaches(rig: Rig, name: string, at: At): Promise<Breach[]> {
  const found: Breach[] = [];
  for (const [what, answer] of OUTAGES) {
    const outcome = await attempt(runStream(rig, name, { answer }));
    if (outcome.consequence !== 'try-later')
      found.push(
        at('P301', `must end in TryLater when the provider ${what}, and ${said(outcome)}; let the error of ctx.http pass`),
      );
  }
  for (const [what, body] of GARBAGE) {
    const outcome = await attempt(runStream(rig, name, { answer: garbage(body) }));
    const problem = garbageProblem(outcome);
    if (problem) found.push(at('P302', `${problem} ${what}; check that the list is one, and throw TryLater where it is not`));
  }
  return found.slice(0, 3);
}

function garbageProblem({ error, consequence }: Attempt): string | undefined {
  if (error === undefined) return 'takes for "nothing there"';
  return consequence ? undefined : `trips (${error}) over`;
}

function isFlat(checkpoint: Checkpoint): boolean {
  return Object.values(checkpoint).every((value) => value === null || ['string', 'number', 'boolean'].includes(typeof value));
}
