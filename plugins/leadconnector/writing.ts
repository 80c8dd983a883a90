import { type Action, type Barred, type Effect, hubError, type Item, Rejected, text } from 'patchbay';
import type { Config, Context } from './manifest.ts';

type Actions = Readonly<Record<string, Action<Config>>>;

/** Actions that change something at the provider, which a connection that only reads does not. */
export function writing(actions: Actions): Actions {
  const entries = Object.entries(actions).map(([name, one]) => [name, { ...one, barred: readsOnly }] as const);
  return Object.fromEntries(entries);
}

function readsOnly({ config }: Pick<Context, 'config'>): Barred<Config> | undefined {
  if (config.direction !== 'in') return undefined;
  const text = 'This connection only reads from LeadConnector. Change its direction in the settings to write there.';
  return { field: 'direction', text };
}

/**
 * The hub's copy, right at once. The write has happened by now: when the object cannot be read back (calls in quick succession
 * use up the budget), the action still succeeded, and a sync brings what it changed.
 */
export async function copied(ctx: Context, stream: string, read: () => Promise<Item | undefined>): Promise<readonly Effect[]> {
  try {
    const item = await read();
    return item ? [{ kind: 'records', stream, items: [item] }] : [];
  } catch (error) {
    ctx.log.warn({ stream, code: hubError(error)?.code }, 'written, but could not be read back');
    const { direction, streams = [stream] } = ctx.config;
    return direction !== 'out' && (streams as readonly string[]).includes(stream) ? [{ kind: 'resync', stream }] : [];
  }
}

/** An id the provider must have answered a write with. */
export function idIn(data: unknown, fallback?: string): string {
  const id = text((data as { id?: unknown } | null)?.id) ?? fallback;
  if (id) return id;
  throw new Rejected('LeadConnector accepted this but did not say under which id. Look it up there before you try again.');
}

/** A moment with its offset: calendars of several time zones leave no other way to be exact. */
export function timeField(title: string, description?: string) {
  return {
    type: 'string',
    title,
    ...(description !== undefined && { description }),
    format: 'date-time',
  } as const;
}

/** Milliseconds of a moment; a caller that is not a form may name one the calendar does not know (30 February). */
export function timeOf(value: string, pointer: string): number {
  const time = Date.parse(value);
  if (!Number.isNaN(time)) return time;
  throw new Rejected('This moment does not exist.', { fields: [{ pointer, message: 'Choose a date and time that exist.' }] });
}

/** By the clock of the location, which is where one comes to the appointment. */
export function whenOf({ account }: Context, at: string): string {
  const timeZone = account.vars?.['timezone'] ?? 'UTC';
  const shown = { dateStyle: 'long', timeStyle: 'short', timeZone } as const;
  return `${new Intl.DateTimeFormat('en-GB', shown).format(new Date(at))} (${timeZone})`;
}
