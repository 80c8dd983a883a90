/** A line of an order, as a form gives it. */
export interface ItemInput {
  readonly id?: string;
  readonly name?: string;
  readonly brand?: string;
  readonly category?: string;
  readonly variant?: string;
  readonly price?: number;
  readonly quantity?: number;
  readonly discount?: number;
  readonly coupon?: string;
}

/** Lines as events carry them, numbered in their order. */
export function itemsOf(lines: readonly ItemInput[]): Readonly<Record<string, unknown>>[] {
  return lines.map(({ id, name, brand, category, variant, price, quantity, discount, coupon }, index) => ({
    ...given({ item_id: id, item_name: name, item_brand: brand, item_category: category, item_variant: variant }),
    ...given({ price, quantity, discount, coupon }),
    index,
  }));
}

/** Leaves out what was not given: an empty value makes a whole event vanish at Google. */
export function given(
  values: Readonly<Record<string, string | number | boolean | undefined>>,
): Record<string, string | number | boolean> {
  const kept = Object.entries(values).filter(
    (pair): pair is [string, string | number | boolean] => pair[1] !== undefined && pair[1] !== '',
  );
  return Object.fromEntries(kept);
}
