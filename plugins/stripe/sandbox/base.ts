import { Random } from 'patchbay/simulator';
import { baseBilling } from './base-billing.ts';
import { basePaid, baseRefund, DAY, type Making } from './base-payments.ts';
import { price, product } from './billing-shapes.ts';
import type { Place } from './demo.ts';
import { idFrom } from './ids.ts';
import { customer, type Doc } from './shapes.ts';

/** What a place holds on the first day, oldest first within each kind. */
export type Base = Readonly<Record<string, Doc[]>>;

const FIRST =
  'Ada Ben Clara David Ella Farid Grace Hugo Iris Jonas Kofi Lena Marta Noah Olga Paul Quinn Rosa Sam Tara Uma Victor'.split(' ');
const LAST = 'Adams Brandt Costa Diaz Evans Fischer Gupta Hansen Ito Jones Klein Lopez Moore Nowak Okoro Patel Reyes Singh'.split(
  ' ',
);
const made = new Map<string, Base>();

/** The same for the same place and epoch, whenever it is made. Nobody changes it, so one serves every simulator of a process. */
export function baseOf(place: Place, epoch: number): Base {
  const key = `${place.slug} ${epoch}`;
  const known = made.get(key);
  if (known) return known;
  if (made.size > 8) made.clear();
  const base = makeBase(place, epoch);
  made.set(key, base);
  return base;
}

function makeBase(place: Place, epoch: number): Base {
  const docs: Record<string, Doc[]> = {};
  const put = (kind: string, doc: Doc) => {
    docs[kind] = docs[kind] ?? [];
    docs[kind].push(doc);
    return doc;
  };
  const making: Making = { place, epoch, random: new Random(place.seed), put };
  const plans = basePlans(making);
  const people = basePeople(making);
  for (const payer of people) baseOrders(making, payer);
  baseBilling(making, { plans, people });
  return docs;
}

function basePlans({ place, epoch, random, put }: Making): Doc[] {
  const created = epoch - 800 * DAY;
  const shared = { created, livemode: place.live };
  return place.plans.map(({ name, amount, interval }) => {
    const sold = put('products', product({ ...shared, id: idFrom(random, 'prod'), name }));
    const given = { ...shared, id: idFrom(random, 'price'), product: sold.id, currency: place.currency };
    return put('prices', price({ ...given, unit_amount: amount, interval }));
  });
}

/** Every fifth came by one import: more of one second than a page may hold, which is what trips careless paging. */
function basePeople({ place, epoch, random, put }: Making): Doc[] {
  const imported = epoch - 400 * DAY;
  const ages = Array.from({ length: place.customers }, (_, index) =>
    index % 5 === 0 ? imported : epoch - DAY - random.below(700 * DAY),
  );
  return ages
    .sort((a, b) => a - b)
    .map((created, index) => {
      const name = `${random.pick(FIRST)} ${random.pick(LAST)}`;
      const email = `${name.replace(' ', '.')}.${index}@mail.example`.toLowerCase();
      const address = {
        line1: `${1 + random.below(200)} Main Street`,
        line2: null,
        city: 'Austin',
        state: null,
        postal_code: '78701',
        country: place.country,
      };
      const phone = random.chance(0.6) ? `+1555${String(place.seed * 100_000 + index).padStart(7, '0')}` : null;
      return put(
        'customers',
        customer({ id: idFrom(random, 'cus'), created, livemode: place.live, name, email, phone, address }),
      );
    });
}

function baseOrders(making: Making, payer: Doc): void {
  const { place, epoch, random } = making;
  const orders = random.below(4);
  for (let order = 0; order < orders; order += 1) {
    const goods = random.pick(place.goods);
    const created = payer.created + random.below(Math.max(epoch - 3600 - payer.created, 1));
    const id = idFrom(random, 'ch');
    const paid = basePaid(making, {
      id,
      created,
      payer,
      amount: goods.amount * (1 + random.below(3)),
      currency: goods.currency ?? place.currency,
      description: goods.name,
      metadata: { order_id: String(1000 + random.below(90_000)) },
      declined: random.chance(0.06),
    });
    if (paid['status'] === 'succeeded' && random.chance(0.09)) baseRefund(making, paid);
  }
}
