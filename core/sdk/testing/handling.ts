import {
  type ActionCall,
  type ActionResult,
  type Checkpoint,
  type Ctx,
  type Effect,
  type Handlers,
  type HubError,
  hubError,
  type Item,
  type Page,
  type Plugin,
  Rejected,
} from '../index.ts';

/** What a run of a stream brought. */
export interface StreamRun {
  readonly pages: readonly Page[];
  readonly items: readonly Item[];
  readonly ids: string[];
  /** Each once. */
  readonly notes: readonly string[];
  /** Where the next run resumes. */
  readonly checkpoint: Checkpoint | null;
}

/** The plugin's handlers, to be called with contexts of a bench. */
export interface Handling<Config> {
  readonly handlers: Required<Handlers<Config>>;
  /** Runs a stream to its end (or `pages`) as the engine does. Throws where a checkpoint stands still. */
  run(ctx: Ctx<Config>, stream: string, given?: { from?: Checkpoint | null; pages?: number }): Promise<StreamRun>;
  /** Runs an action by its name unless its settings forbid it, each time as a wish of its own unless one is given. */
  act(ctx: Ctx<Config>, name: string, input: object, call?: ActionCall): Promise<ActionResult>;
}

/** `export const { handlers, run, act } = handlingOf<Config>(plugin);` */
export function handlingOf<Config>(plugin: Plugin): Handling<Config> {
  const handlers = plugin.handlers as unknown as Required<Handlers<Config>>;
  let calls = 0;
  return {
    handlers,
    async run(ctx, stream, { from = null, pages: most } = {}) {
      const sync = handlers.streams[stream]?.sync;
      if (!sync) throw new Error(`The stream ${stream} has no sync.`);
      return collected(sync(ctx, from), most);
    },
    async act(ctx, name, input, call) {
      const found = handlers.actions[name];
      if (!found) throw new Error(`There is no action ${name}.`);
      const barred = found.barred?.(ctx);
      if (barred) throw new Rejected(barred.text, { code: 'FORBIDDEN' });
      calls += 1;
      return found.run(ctx, input as Readonly<Record<string, unknown>>, call ?? { id: `call-${calls}` });
    },
  };
}

async function collected(run: AsyncIterable<Page>, most: number | undefined): Promise<StreamRun> {
  const pages: Page[] = [];
  let last = '';
  for await (const page of run) {
    const checkpoint = JSON.stringify(page.checkpoint);
    if (checkpoint === last) throw new Error(`The checkpoint stands still: ${checkpoint}`);
    last = checkpoint;
    pages.push(page);
    if (pages.length === most) break;
  }
  const items = pages.flatMap((page) => page.items);
  const notes = [...new Set(pages.flatMap((page) => page.notes ?? []))];
  return { pages, items, ids: items.map(({ id }) => id), notes, checkpoint: pages.at(-1)?.checkpoint ?? null };
}

/** The hub's error with which a handler fails; throws where it does not fail, or with another. */
export async function failure(work: Promise<unknown>): Promise<HubError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  const error = hubError(thrown);
  if (!error) throw new Error('It did not fail with an error of the hub.', { cause: thrown });
  return error;
}

/** The records that an action or event changes, of one stream or of all. */
export function recordsIn(effects: readonly Effect[] | undefined, stream?: string): readonly Item[] {
  return (effects ?? []).flatMap((effect) =>
    effect.kind === 'records' && (stream === undefined || effect.stream === stream) ? effect.items : [],
  );
}

/** What is kept of a record; throws where there is none, or only says that it is gone. */
export function dataOf(item: Item | undefined): Readonly<Record<string, unknown>> {
  if (!item || !('data' in item)) throw new Error('There is no record.');
  return item.data;
}
