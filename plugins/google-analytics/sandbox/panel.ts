import type { SandboxPanel } from 'patchbay';
import { BLUE_FITNESS, BLUE_TOKYO, RIVERSIDE } from './demo.ts';
import type { Desk } from './desk.ts';
import type { Received } from './state.ts';

const SHOWN = 8;

/** What a person sees of the simulator. */
export function panelOf(sim: Desk, log: SandboxPanel['log']): SandboxPanel {
  const { state } = sim.world;
  const [stream] = BLUE_FITNESS.streams;
  const spent = sim.quotas.spent(BLUE_FITNESS.id, sim.now());
  const counted = state.received.filter((event) => event.counted).length;
  return {
    credentials: { measurementId: stream?.measurementId ?? '', apiSecret: stream?.secrets[0] ?? '' },
    facts: {
      'Events received': state.received.length,
      'Events counted in reports': counted,
      ...Object.fromEntries(
        state.received
          .slice(-SHOWN)
          .reverse()
          .map((event, index) => [`Event ${index + 1}, newest first`, told(event)]),
      ),
      'Connections (consents given)': sim.tokens.living.length,
      'Tokens used this hour by Blue Fitness website': spent.tokensPerHour,
      'Tokens used today by Blue Fitness website': spent.tokensPerDay,
      'Reports leave out or estimate': blurWords(state.blur),
      'Failing now': sim.trouble.words,
      'Properties that may not be read': state.closed.join(', ') || 'none',
      'APIs switched off': state.disabled.join(', ') || 'none',
      ...Object.fromEntries(
        [BLUE_FITNESS, BLUE_TOKYO, RIVERSIDE].map(({ displayName, id }) => [`Property ID of ${displayName}`, id]),
      ),
    },
    log,
  };
}

function told({ name, params, clientId, counted, why }: Received): string {
  const order = params['transaction_id'] === undefined ? '' : ` ${String(params['transaction_id'])}`;
  const money = params['value'] === undefined ? '' : `, ${String(params['value'])} ${String(params['currency'] ?? '')}`;
  return `${name}${order}${money}, client ${clientId}: ${counted ? 'counted' : `dropped (${why})`}`;
}

function blurWords({ thresholds, sampling, otherRow }: { thresholds: boolean; sampling: boolean; otherRow: boolean }): string {
  const words = [...(thresholds ? ['thresholds'] : []), ...(sampling ? ['sampling'] : []), ...(otherRow ? ['(other) row'] : [])];
  return words.join(', ') || 'nothing';
}
