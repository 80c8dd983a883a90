import type { Contexts } from '../integrations/context.ts';
import type { IntegrationStore } from '../integrations/integration-store.ts';
import type { Effect } from '../sdk/index.ts';
import { eventOf } from './handler.ts';
import { outcomeOf } from './outcome.ts';
import type { Kept, ReplayStore, Sample, Selection, TrayCount } from './replay-store.ts';

export interface ReplaysOptions {
  readonly replays: ReplayStore;
  readonly integrations: Pick<IntegrationStore, 'get'>;
  readonly contexts: Pick<Contexts, 'forIntegration'>;
}

/** What would become of one event. */
export interface Preview {
  readonly id: string;
  readonly type: string;
  readonly receivedAt: Date;
  readonly outcome: 'handled' | 'parked' | 'dead' | 'retry';
  readonly reason?: string;
  /** What it would change; long lists are cut. */
  readonly changes: readonly Effect[];
}

const PREVIEWS = 10;
const ITEMS = 10;
const DEADLINE_MS = 15_000;

/** Handles events again by the plugin as it is now, whichever generation they met before. */
export class Replays {
  readonly #parts: ReplaysOptions;

  constructor(parts: ReplaysOptions) {
    this.#parts = parts;
  }

  /** @returns how many are pending again */
  run(selection: Selection): Promise<number> {
    return this.#parts.replays.again(selection);
  }

  count(selection: Selection): Promise<number> {
    return this.#parts.replays.count(selection);
  }

  /** What {@link run} would do, nothing of which is kept: the plugin is asked for the first few. @throws as `forIntegration` does */
  async preview(selection: Selection): Promise<{ matching: number; plugin: string; previews: Preview[] }> {
    const { replays, integrations } = this.#parts;
    const integration = await integrations.get(selection.storeId, selection.integrationId);
    const samples = await replays.samples(selection, PREVIEWS);
    const opened = await this.#parts.contexts.forIntegration(integration, { timeoutMs: DEADLINE_MS });
    const { ctx, handlers, run, plugin } = opened;
    const previews: Preview[] = [];
    for (const sample of samples) {
      const asked = async () => (await handlers.webhook?.onEvent?.(ctx, eventOf(sample))) ?? [];
      previews.push(await previewOf(sample, () => run(asked, 'onEvent')));
    }
    return { matching: await replays.count(selection), plugin: plugin.hash.slice(0, 12), previews };
  }

  kept(storeId: string, integrationId: string): Promise<Kept[]> {
    return this.#parts.replays.kept(storeId, integrationId);
  }

  trays(): Promise<TrayCount[]> {
    return this.#parts.replays.trays();
  }
}

async function previewOf({ id, type, receivedAt }: Sample, ask: () => Promise<readonly Effect[]>): Promise<Preview> {
  try {
    return { id, type, receivedAt, outcome: 'handled', changes: (await ask()).map(shortened) };
  } catch (error) {
    const { kind, reason } = outcomeOf(error, 1);
    return { id, type, receivedAt, outcome: kind, ...(reason && { reason }), changes: [] };
  }
}

function shortened(change: Effect): Effect {
  return change?.kind === 'records' && Array.isArray(change.items) ? { ...change, items: change.items.slice(0, ITEMS) } : change;
}
