import { addDays, dayIn } from 'patchbay';
import { Random } from 'patchbay/simulator';
import { CHANNELS, type Channel, channel, ITEMS, ORGANIC, PAGES, UNKNOWN } from './catalogue.ts';
import type { DemoProperty } from './demo.ts';
import type { Received } from './state.ts';

/** One line of what happened: texts to group by, figures to add up. */
export interface Fact {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, number>>;
}

export type TableName = 'sessions' | 'events' | 'items' | 'transactions';
export type Tables = Readonly<Record<TableName, readonly Fact[]>>;

export interface FactsOf {
  readonly property: DemoProperty;
  readonly day: string;
  /** Milliseconds. */
  readonly now: number;
  readonly keyEvents: readonly string[];
  readonly received: readonly Received[];
  /** How often this day's figures were worked over since. */
  readonly restated: number;
}

/** How far back there is anything at all. */
const OLDEST_DAYS = 400;

interface Sale {
  readonly id: string;
  readonly from: Channel;
  readonly page: string;
  readonly lines: readonly { item: (typeof ITEMS)[number]; quantity: number }[];
  readonly value: number;
}

/** What was measured on a day: made anew each time from the same seed, with what was sent here added. */
export function factsOf(given: FactsOf): Tables {
  const { property, day, now, received } = given;
  const today = dayIn(property.timeZone, now);
  if (day > today || day < addDays(today, -OLDEST_DAYS)) return { sessions: [], events: [], items: [], transactions: [] };
  const random = new Random(`${property.id}/${day}`);
  const usual = property.size * (day === today ? 0.5 : 0.8 + random.next() * 0.4);
  const own = salesOf(property, day, { random, count: Math.round(usual * 0.06), restated: given.restated });
  const sent = received.filter((one) => one.counted && one.name === 'purchase').map(saleOf);
  // One purchase told twice, by the browser and by a server, counts once.
  const sales = [...own, ...sent.filter(({ id }, index) => sent.findIndex((one) => one.id === id) === index)];
  const sessions = [
    ...visitsOf(property, { random, count: Math.round(usual), restated: given.restated }),
    ...sales.map(visitWith),
  ];
  return {
    sessions,
    events: eventsOf(sessions, sales, given),
    items: itemsOf(property, sales, random),
    transactions: sales.map(({ id, from, value }) => ({
      dimensions: { transactionId: id, ...from },
      metrics: { ecommercePurchases: 1, purchaseRevenue: value, activeUsers: 1 },
    })),
  };
}

/** In yen there are no cents. */
function inCurrency(property: DemoProperty, amount: number): number {
  return property.currencyCode === 'JPY' ? Math.round(amount * 150) : Math.round(amount * 100) / 100;
}

/** What was not known on the day itself is known some days later. */
function settled(from: Channel, restated: number): Channel {
  return restated > 0 && from === UNKNOWN ? ORGANIC : from;
}

function salesOf(property: DemoProperty, day: string, given: { random: Random; count: number; restated: number }): Sale[] {
  const { random, count, restated } = given;
  return Array.from({ length: count }, (_, index) => {
    const lines = Array.from({ length: 1 + random.below(3) }, () => ({
      item: random.pick(ITEMS),
      quantity: 1 + random.below(2),
    }));
    const amount = lines.reduce((sum, { item, quantity }) => sum + item[2] * quantity, 0);
    const id = `${property.id.slice(-2)}-${day.replaceAll('-', '')}-${String(index + 1).padStart(3, '0')}`;
    const from = settled(random.pick(CHANNELS), restated);
    return { id, from, page: random.pick(PAGES), lines, value: inCurrency(property, amount) };
  });
}

function saleOf({ params, propertyId }: Received): Sale {
  const value = Number(params['value']) || 0;
  return {
    id: String(params['transaction_id']),
    from: channel('(direct)', '(none)', '(direct)'),
    page: '(not set)',
    lines: [],
    value: propertyId ? value : 0,
  };
}

function visitsOf(property: DemoProperty, given: { random: Random; count: number; restated: number }): Fact[] {
  const { random, count, restated } = given;
  return Array.from({ length: count + restated * Math.max(1, Math.round(property.size / 20)) }, () => {
    const engaged = random.chance(0.6);
    return {
      dimensions: { ...settled(random.pick(CHANNELS), restated), landingPagePlusQueryString: random.pick(PAGES) },
      metrics: {
        sessions: 1,
        activeUsers: random.chance(0.9) ? 1 : 0,
        newUsers: random.chance(0.4) ? 1 : 0,
        engagedSessions: engaged ? 1 : 0,
        screenPageViews: engaged ? 1 + random.below(6) : 1,
        ecommercePurchases: 0,
        purchaseRevenue: 0,
        keyEvents: random.chance(0.05) ? 1 : 0,
      },
    };
  });
}

function visitWith({ from, page, value }: Sale): Fact {
  const metrics = { sessions: 1, activeUsers: 1, newUsers: 0, engagedSessions: 1, screenPageViews: 5, keyEvents: 1 };
  return {
    dimensions: { ...from, landingPagePlusQueryString: page },
    metrics: { ...metrics, ecommercePurchases: 1, purchaseRevenue: value },
  };
}

/** Key events are counted under the names that the property calls so now. */
function eventsOf(sessions: readonly Fact[], sales: readonly Sale[], given: FactsOf): Fact[] {
  const event = (eventName: string, from: object, times: number): Fact => ({
    dimensions: { eventName, ...from } as Record<string, string>,
    metrics: { eventCount: times, keyEvents: given.keyEvents.includes(eventName) ? times : 0, activeUsers: 1 },
  });
  const from = ({ dimensions }: Fact) => {
    const { landingPagePlusQueryString: _, ...rest } = dimensions;
    return rest;
  };
  return [
    ...sessions.flatMap((fact) => [
      event('session_start', from(fact), 1),
      event('page_view', from(fact), fact.metrics['screenPageViews'] ?? 1),
      ...(fact.metrics['keyEvents'] && !fact.metrics['ecommercePurchases'] ? [event('generate_lead', from(fact), 1)] : []),
    ]),
    ...sales.map((sale) => event('purchase', sale.from, 1)),
    ...given.received
      .filter(({ counted, name }) => counted && name !== 'purchase')
      .map(({ name }) => event(name, channel('(direct)', '(none)', '(direct)'), 1)),
  ];
}

function itemsOf(property: DemoProperty, sales: readonly Sale[], random: Random): Fact[] {
  const sold = sales.flatMap(({ lines }) =>
    lines.map(({ item, quantity }) => ({
      dimensions: { itemId: item[0], itemName: item[1] },
      metrics: {
        itemsViewed: 3 * quantity,
        itemsAddedToCart: quantity + 1,
        itemsPurchased: quantity,
        itemRevenue: inCurrency(property, item[2] * quantity),
      },
    })),
  );
  const looked = ITEMS.map(([itemId, itemName]) => ({
    dimensions: { itemId, itemName },
    metrics: { itemsViewed: 1 + random.below(20), itemsAddedToCart: random.below(4), itemsPurchased: 0, itemRevenue: 0 },
  }));
  return [...sold, ...looked];
}
