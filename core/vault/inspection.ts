import { SEALED_PLACES, type SealedPlace } from './sealed-places.ts';
import { ciphertextsOf, type SealedRow, type SealedStore } from './sealed-store.ts';
import { kidOf, type Vault } from './secret.ts';

const ROWS = 500;

export interface Inspected {
  readonly name: string;
  readonly opened: number;
  /** Ciphertexts whose key is there and does not open them: they were changed, or the key is another of the same name. */
  readonly broken: number;
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
  let [opened, broken] = [0, 0];
  for (let after: SealedRow['key'] | undefined; ; ) {
    const rows = await sealed.rows(place, { after, limit: ROWS });
    if (rows.length === 0) return { name: place.name, opened, broken };
    after = rows.at(-1)?.key;
    const texts = rows.flatMap((row) => Object.values(row.sealed).flatMap(ciphertextsOf));
    const opens = await Promise.all(texts.filter((jwe) => has(kidOf(jwe) ?? '')).map((jwe) => vault.opens(jwe)));
    opened += opens.filter(Boolean).length;
    broken += opens.filter((one) => !one).length;
  }
}
