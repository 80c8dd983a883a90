import { filled } from 'patchbay';
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

/** Lines as events carry them, numbered in their order. An empty value makes a whole event vanish at Google. */
export function itemsOf(lines: readonly ItemInput[]): Readonly<Record<string, unknown>>[] {
  return lines.map(({ id, name, brand, category, variant, price, quantity, discount, coupon }, index) => ({
    ...filled({ item_id: id, item_name: name, item_brand: brand, item_category: category, item_variant: variant }),
    ...filled({ price, quantity, discount, coupon }),
    index,
  }));
}
