import { SEALED_PLACES } from './sealed-places.ts';
import type { SealedStore } from './sealed-store.ts';

/** How many ciphertexts of a place name one key. */
export interface Held {
  readonly kid: string;
  /** Of the place. */
  readonly name: string;
  readonly count: number;
}

/** Every ciphertext of the database, counted by key and place. */
export async function census(sealed: Pick<SealedStore, 'count'>): Promise<Held[]> {
  const counts = await Promise.all(
    SEALED_PLACES.map(async (place) => (await sealed.count(place)).map((one) => ({ ...one, name: place.name }))),
  );
  return counts.flat();
}

/** "12 in credentials, 3 in app credentials"; empty where there is none. */
export function heldUnder(held: readonly Held[], kid: string): string {
  return held
    .filter((one) => one.kid === kid)
    .map(({ count, name }) => `${count.toLocaleString('en')} in ${name}`)
    .join(', ');
}

export function kidsOf(held: readonly Held[]): string[] {
  return [...new Set(held.map(({ kid }) => kid))];
}
