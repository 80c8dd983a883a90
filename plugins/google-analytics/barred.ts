import { type Barred, Rejected, text } from 'patchbay';
import { chosenProperty } from './api.ts';
import type { Config, Context } from './manifest.ts';

type About = Pick<Context, 'account' | 'config' | 'method'>;
type Why = Barred<Config> | undefined;

const NAMED = ['purchase', 'refund', 'add_to_cart', 'begin_checkout', 'view_item', 'generate_lead', 'sign_up', 'login'];

const CHOOSE_FIRST = 'Choose a property in the settings of this connection first.';
export const NO_DESTINATION = 'Choose a property in the settings of this connection: its data stream takes the events.';

/** Nobody chose what is read, or written to. */
export function withoutProperty(about: About): Why {
  return chosenProperty(about) ? undefined : { field: 'propertyId', text: CHOOSE_FIRST };
}

/** @throws Rejected (`FORBIDDEN`) while nobody chose one: the hub goes on where `barred` fails to tell */
export function requiredProperty(about: About): string {
  const id = chosenProperty(about);
  if (!id) throw new Rejected(CHOOSE_FIRST, { code: 'FORBIDDEN' });
  return id;
}

/** Why the settings forbid an event of this name; they list some names, and one line for all the others. */
export function notAmongThose({ config }: Pick<About, 'config'>, event: string): Why {
  const allowed: readonly string[] | undefined = config.events;
  if (!allowed || allowed.includes(NAMED.includes(event) ? event : 'other')) return undefined;
  const why = `The event ${event} is not among those this connection may send. Tick it under "Event tracking" in the settings.`;
  return { field: 'events', text: why };
}

/** Whatever its name, an event is forbidden, or has nowhere to go. */
export function anyEvent(about: About): Why {
  if (about.config.events?.length !== 0) return withoutDestination(about);
  const why = 'This connection may send no events. Tick some under "Event tracking" in the settings.';
  return { field: 'events', text: why };
}

/** Events of one name only. */
export function eventNamed(event: string): (about: About) => Why {
  return (about) => notAmongThose(about, event) ?? withoutDestination(about);
}

/** A data stream that was named may have its API secret beside it, which is not shown here: that is found out when it sends. */
function withoutDestination(about: About): Why {
  if (about.method === 'manual' || chosenProperty(about) || text(about.config.measurementId)) return undefined;
  return { field: 'propertyId', text: NO_DESTINATION };
}
