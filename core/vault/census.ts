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
  const held: Held[] = [];
  // One place after the other: a large one must not keep the others waiting for a connection.
  for (const place of SEALED_PLACES) {
    for (const one of await sealed.count(place)) held.push({ ...one, name: place.name });
  }
  return held;
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
