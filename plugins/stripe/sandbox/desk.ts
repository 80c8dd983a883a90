import { Rejected } from 'patchbay';
import { type CallLog, choiceField, type Trouble } from 'patchbay/simulator';
import { Billing } from './billing.ts';
import { PLACES, type Place, placeOf } from './demo.ts';
import type { KeyState, Throttle } from './gate.ts';
import type { Hooks, Secrets } from './hooks.ts';
import type { Idempotency } from './idempotency.ts';
import type { Doc } from './shapes.ts';
import type { Shop } from './shop.ts';
import type { Kind, World } from './world.ts';

/** What buttons and panel may touch. */
export interface Desk {
  readonly world: World;
  readonly hooks: Hooks;
  readonly trouble: Trouble;
  readonly throttle: Throttle;
  readonly idempotency: Idempotency;
  readonly keys: KeyState;
  readonly secrets: Secrets;
  readonly delivered: number;
  readonly log: CallLog;
  /** Unix seconds. */
  readonly now: number;
  shop(place: Place): Shop;
  event(shop: Shop, given: { type: string; object: object; previous?: object }): Doc;
  save(): void;
  reset(): void;
}

/** The account a button means when none is chosen. */
const home = PLACES[0]?.slug ?? '';

export function nameOf(slug: string): string {
  const { name, live } = placeOf(slug);
  return `${name} (${live ? 'live' : 'test'})`;
}

export const accountField = choiceField(
  'Account',
  PLACES.map(({ slug }) => ({ id: slug, name: nameOf(slug) })),
);

/** The account a button works in. */
export function at(desk: Desk, slug: string = home): { place: Place; shop: Shop; billing: Billing } {
  const place = placeOf(slug);
  const shop = desk.shop(place);
  return { place, shop, billing: new Billing(shop) };
}

export const idField = (title: string) =>
  ({ type: 'string', title, description: 'Empty: the newest one.', maxLength: 64 }) as const;

/** Named, or the newest that fits. */
export function pick(shop: Shop, kind: Kind, given: { id?: string | undefined; fits?: (doc: Doc) => boolean }): Doc {
  if (given.id) return shop.find(kind, given.id);
  const found = shop.all(kind).find((doc) => given.fits?.(doc) ?? true);
  if (found) return found;
  throw new Rejected('There is nothing to choose from.');
}
