import { SEALED_PLACES, type SealedPlace } from './sealed-places.ts';
import { ciphertextsOf, type SealedRow, type SealedStore } from './sealed-store.ts';
import { kidOf, type Vault } from './secret.ts';

const ROWS = 500;

export interface Inspected {
  readonly name: string;
  readonly opened: number;
  /** Ciphertexts whose key is there and does not open them: they were changed, or the key is another of the same name. */
  readonly broken: number;
  /** Ciphertexts that were sealed for another row: they were copied, and open for nobody. */
  readonly misplaced: number;
}

/** Opens every secret of the database once, and keeps none; `has` says which keys are there. */
export async function inspect(
  { sealed, vault }: { sealed: SealedStore; vault: Vault },
  has: (kid: string) => boolean,
): Promise<Inspected[]> {
  const found: Inspected[] = [];
  for (const place of SEALED_PLACES) found.push(await inspectPlace(place, { sealed, vault, has }));
  return found;
}

async function inspectPlace(
  place: SealedPlace,
  { sealed, vault, has }: { sealed: SealedStore; vault: Vault; has: (kid: string) => boolean },
): Promise<Inspected> {
  const counts = { opened: 0, broken: 0, misplaced: 0 };
  for (let after: SealedRow['key'] | undefined; ; ) {
    const rows = await sealed.rows(place, { after, limit: ROWS });
    if (rows.length === 0) return { name: place.name, ...counts };
    after = rows.at(-1)?.key;
    for (const verdict of await Promise.all(rows.flatMap((row) => verdictsOf(row, vault, has)))) counts[verdict] += 1;
  }
}

function verdictsOf({ key, sealed }: SealedRow, vault: Vault, has: (kid: string) => boolean) {
  const texts = Object.values(sealed).flatMap(ciphertextsOf);
  return texts
    .filter((jwe) => has(kidOf(jwe) ?? ''))
    .map(async (jwe) => {
      const place = await vault.placeOf(jwe);
      if (!place) return 'broken';
      return Object.values(key).every((value) => isIn(place, value)) ? 'opened' : 'misplaced';
    });
}

/** A place holds what tells its row from others, by itself or behind what kind of thing it is. */
function isIn(place: readonly string[], value: string): boolean {
  return place.some((part) => part === value || part.endsWith(`:${value}`));
}
