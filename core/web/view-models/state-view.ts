import type { CardState } from '../../integrations/card.ts';
import type { Health } from '../../integrations/health.ts';
import type { IconName } from '../icons.ts';
import { saidIf } from '../words/said.ts';
import { t } from '../words/texts.ts';

/** How a card, or one integration on it, is: in words, a drawing and, by its name, a colour. */
export interface StateView {
  readonly state: CardState;
  readonly text: string;
  readonly icon: IconName;
}

const ICONS: Readonly<Record<CardState, IconName>> = {
  'coming-soon': 'soon',
  connect: 'plug',
  connecting: 'wait',
  connected: 'check',
  degraded: 'alert',
  paused: 'off',
  'needs-attention': 'alert',
  disconnected: 'off',
  unavailable: 'fault',
};

/** The only words there are for a state, on every page. */
export function stateView(state: CardState): StateView {
  return { state, text: t(`cards.state.${state}`), icon: ICONS[state] };
}

const WITH_REASON: readonly CardState[] = ['needs-attention', 'degraded', 'disconnected'];

/** What stands beside it: why, where the state alone does not say what to do. */
export function reasonBeside(state: CardState, { reason }: Pick<Health, 'reason'>): string | undefined {
  return WITH_REASON.includes(state) ? (saidIf(reason) ?? undefined) : undefined;
}
