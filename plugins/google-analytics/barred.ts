import { type Barred, text } from 'patchbay';
import { chosenProperty } from './api.ts';
import type { Config, Context } from './manifest.ts';

type About = Pick<Context, 'account' | 'config' | 'method'>;
type Why = Barred<Config> | undefined;

const NAMED = ['purchase', 'refund', 'add_to_cart', 'begin_checkout', 'view_item', 'generate_lead', 'sign_up', 'login'];

/** Nobody chose what is read, or written to. */
export function withoutProperty(about: About): Why {
  if (chosenProperty(about)) return undefined;
  return { field: 'propertyId', text: 'Choose a property in the settings of this connection first.' };
}

/** Why the settings forbid an event of this name; they list some names, and one line for all the others. */
export function notAmongThose({ config }: Pick<About, 'config'>, event: string): Why {
  const allowed: readonly string[] | undefined = config.events;
  if (!allowed || allowed.includes(NAMED.includes(event) ? event : 'other')) return undefined;
  const text = `The event ${event} is not among those this connection may send. Tick it under "Event tracking" in the settings.`;
  return { field: 'events', text };
}

/** Whatever its name, an event is forbidden, or has nowhere to go. */
export function anyEvent(about: About): Why {
  if (about.config.events?.length !== 0) return withoutDestination(about);
  const text = 'This connection may send no events. Tick some under "Event tracking" in the settings.';
  return { field: 'events', text };
}

/** Events of one name only. */
export function eventNamed(event: string): (about: About) => Why {
  return (about) => notAmongThose(about, event) ?? withoutDestination(about);
}

/** A data stream that was named may have its API secret beside it, which is not shown here: that is found out when it sends. */
function withoutDestination(about: About): Why {
  if (about.method === 'manual' || chosenProperty(about) || text(about.config.measurementId)) return undefined;
  const why = 'Choose a property in the settings of this connection: its data stream takes the events.';
  return { field: 'propertyId', text: why };
}
