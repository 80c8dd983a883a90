import type { SandboxPanel } from 'patchbay';
import { DEMO_KEY, KEYS, PLACES } from './demo.ts';
import { type Desk, nameOf } from './desk.ts';
import type { Kind } from './world.ts';

const COUNTED: readonly Kind[] = ['customers', 'charges', 'subscriptions', 'invoices', 'refunds', 'balance_transactions'];

/** What a person sees of the simulator. */
export function panel(sim: Desk): SandboxPanel {
  const counted = PLACES.flatMap((place) =>
    COUNTED.map(
      (kind) => [`${nameOf(place.slug)}: ${kind.replaceAll('_', ' ')}`, sim.world.list(place.slug, kind).length] as const,
    ),
  );
  const keys = [...KEYS, ...sim.keys.made].map(({ key, slug, rights }, index) => {
    const what =
      rights === 'all'
        ? 'secret key'
        : `restricted key, ${rights.some((right) => right.endsWith('_write')) ? 'all rights' : 'reading only'}`;
    const state = sim.keys.expired.includes(key) ? `${key} (expired)` : key;
    return [`Key ${index + 1}: ${nameOf(slug)}, ${what}`, state] as const;
  });
  const endpoints = PLACES.flatMap(({ slug }) =>
    sim.world
      .list(slug, 'webhook_endpoints')
      .map((endpoint) => [`Webhook endpoint ${endpoint.id}`, `${nameOf(slug)}: ${String(endpoint['url'])}`] as const),
  );
  return {
    credentials: { secretKey: sim.keys.made.findLast(({ slug }) => slug === PLACES[0]?.slug)?.key ?? DEMO_KEY },
    facts: {
      ...Object.fromEntries(counted),
      'Webhooks delivered': sim.delivered,
      'Failing now': `${sim.trouble.words}${sim.throttle.on ? ', throttled' : ''}${sim.hooks.muted ? ', sends no webhooks' : ''}`,
      ...Object.fromEntries(endpoints),
      ...Object.fromEntries(keys),
    },
    log: sim.log.lines,
  };
}
