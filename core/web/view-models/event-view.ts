import type { IconName } from '../icons.ts';
import { words } from '../words/format.ts';
import { said, saidIf } from '../words/said.ts';
import { tIfThere } from '../words/texts.ts';

export interface EventView {
  readonly id: string;
  readonly tone: string;
  readonly icon: IconName;
  readonly state: string;
  readonly type: string;
  /** What it is about, by name, where that was synced. */
  readonly about: About | undefined;
  readonly at: Date;
  readonly reason: string | undefined;
  /** It was given up, or failed and is tried again. */
  readonly failed: boolean;
  readonly canReplay: boolean;
}

/** Something that was synced, and where it is found. */
export interface About {
  readonly label: string;
  readonly href: string;
}

/** By the object of an event: `contact:abc`. */
export type Abouts = ReadonlyMap<string, About>;

export interface EventInput {
  readonly id: string;
  readonly type: string;
  readonly object?: string | null;
  readonly state: string;
  readonly reason?: string | null | undefined;
  readonly receivedAt: Date;
}

const FACES: Readonly<Record<string, { tone: string; icon: IconName }>> = {
  pending: { tone: 'idle', icon: 'wait' },
  handled: { tone: 'good', icon: 'check' },
  parked: { tone: 'warn', icon: 'off' },
  unmatched: { tone: 'idle', icon: 'off' },
  unverified: { tone: 'idle', icon: 'wait' },
  dead: { tone: 'bad', icon: 'fault' },
};

/** What became of one that failed, of what kind it is and why; undefined for others. */
export function failureOf({ failed, state, type, reason }: EventView): string | undefined {
  return failed ? JSON.stringify([state, type, reason]) : undefined;
}

export function faceOf(state: string): Pick<EventView, 'tone' | 'icon' | 'state'> {
  const { tone, icon } = FACES[state] ?? { tone: 'idle', icon: 'wait' };
  return { tone, icon, state: tIfThere(`events.state.${state}`) ?? words(state) };
}

export function eventView(event: EventInput, abouts?: Abouts): EventView {
  return {
    id: event.id,
    ...faceOf(event.state),
    type: eventWords(event.type),
    about: abouts?.get(event.object ?? ''),
    at: event.receivedAt,
    reason: saidIf(event.reason) ?? undefined,
    failed: event.state === 'dead' || (event.state === 'pending' && Boolean(event.reason)),
    canReplay: event.state === 'dead' || event.state === 'parked',
  };
}

/** What its plugin calls it (`event ContactCreate` among its sentences), else `Contact created`, or `Invoice paid` of `invoice.paid`. */
export function eventWords(type: string): string {
  const named = said(`event ${type}`);
  return named === `event ${type}` ? inWords(type) : named;
}

function inWords(type: string): string {
  return words(type.replace(/[./:\s]+/g, '-'))
    .replace(/(creat|updat|delet)e$/i, '$1ed')
    .replace(/install$/i, '$&ed');
}

/** Events of one state that say the same of themselves. */
export interface KeptView {
  readonly tone: string;
  readonly icon: IconName;
  readonly state: string;
  readonly reason: string | null;
  readonly count: number;
  readonly latest: Date;
}

export function keptView(kept: { state: string; reason: string | null; count: number; latest: Date }): KeptView {
  const { tone, icon, state } = faceOf(kept.state);
  return { ...kept, tone, icon, state: state.charAt(0).toLowerCase() + state.slice(1), reason: saidIf(kept.reason) };
}
