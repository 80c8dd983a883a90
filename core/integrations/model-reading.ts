import type { LoadedPlugin } from '../plugins/loaded-plugin.ts';
import { messageOf } from '../plugins/run.ts';
import type { Account, Contact, Model, Models } from '../sdk/index.ts';
import { zoneOf } from './contact-zone.ts';
import type { Integration } from './integration.ts';
import { record } from './shapes.ts';

/** A record in the shared shape of its stream, under the name of the shape. */
export type ReadModel = { readonly kind: keyof Models } & Readonly<Record<string, unknown>>;

export interface ModelReading {
  /** Null where the stream names no shape, or the record does not read so. */
  readonly model: ReadModel | null;
  /** Why it does not. */
  readonly modelProblem?: string;
}

type Data = Readonly<Record<string, unknown>>;

interface Source {
  readonly plugin: LoadedPlugin | undefined;
  readonly stream: string;
  readonly integration: Pick<Integration, 'account' | 'name'>;
}

const NONE: ModelReading = { model: null };

/**
 * How records of one stream read in its shared shape, by the generation of the plugin that is live now: nothing of it is
 * stored, so a better mapping needs no new sync. A mapping that fails is a fault of the plugin, counted once.
 */
export function modelReader({ plugin, stream, integration }: Source): (data: Data) => ModelReading {
  const streams = plugin?.plugin.handlers?.streams ?? {};
  const model = Object.hasOwn(streams, stream) ? streams[stream]?.model : undefined;
  if (!plugin || !model) return () => NONE;
  const account = integration.account ?? { externalId: '', label: integration.name };
  let told = false;
  return (data) => {
    try {
      const read = () => reading(model, data, account);
      return { model: plugin.life ? plugin.life.inside(read) : read() };
    } catch (error) {
      if (!told) plugin.life?.fault(error, `the model of ${stream}`);
      told = true;
      return { model: null, modelProblem: `It does not read as a shared ${model.kind}: ${messageOf(error)}` };
    }
  };
}

/** The plugin gets a copy: what it does to it must not show in the raw record beside. */
function reading(model: Model, data: Data, account: Account): ReadModel {
  const answer: unknown = model.of(structuredClone(data), account);
  if (answer instanceof Promise) {
    answer.catch(() => undefined);
    throw new Error('of() answered a promise; it must answer at once');
  }
  const read = record(answer, 'of() did not return an object');
  return { kind: model.kind, ...read, ...(model.kind === 'contact' && timezoneOf(read)) };
}

/** The provider's own zone wins; an address that leaves it open adds none. */
function timezoneOf({ timezone, address }: Contact): { readonly timezone?: string } {
  const zone = !timezone && address ? zoneOf(address) : undefined;
  return zone === undefined ? {} : { timezone: zone };
}
