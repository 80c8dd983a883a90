import type { CardState } from '../../integrations/card.ts';
import type { IconName } from '../icons.ts';
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

export function stateView(state: CardState): StateView {
  return { state, text: t(`cards.state.${state}`), icon: ICONS[state] };
}
