import type { IconName } from '../icons.ts';
import { words } from '../words.ts';

export interface EventView {
  readonly id: string;
  readonly tone: string;
  readonly icon: IconName;
  readonly state: string;
  readonly type: string;
  readonly at: Date;
  readonly reason: string | undefined;
  readonly canReplay: boolean;
}

export interface EventInput {
  readonly id: string;
  readonly type: string;
  readonly state: string;
  readonly reason?: string | null | undefined;
  readonly receivedAt: Date;
}

const EVENTS: Readonly<Record<string, { tone: string; icon: IconName; state: string }>> = {
  pending: { tone: 'idle', icon: 'wait', state: 'Waiting' },
  handled: { tone: 'good', icon: 'check', state: 'Handled' },
  parked: { tone: 'warn', icon: 'off', state: 'Kept for later' },
  unmatched: { tone: 'idle', icon: 'off', state: 'No integration for it' },
  unverified: { tone: 'idle', icon: 'wait', state: 'Not checked yet' },
  dead: { tone: 'bad', icon: 'fault', state: 'Failed' },
};

export function faceOf(state: string): Pick<EventView, 'tone' | 'icon' | 'state'> {
  return EVENTS[state] ?? { tone: 'idle', icon: 'wait', state: words(state) };
}

export function eventView(event: EventInput): EventView {
  return {
    id: event.id,
    ...faceOf(event.state),
    type: eventWords(event.type),
    at: event.receivedAt,
    reason: event.reason ?? undefined,
    canReplay: event.state === 'dead' || event.state === 'parked',
  };
}

/** `ContactCreate` → `Contact created`, `invoice.paid` → `Invoice paid`. */
export function eventWords(type: string): string {
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
  return { ...kept, tone, icon, state: state.charAt(0).toLowerCase() + state.slice(1) };
}
