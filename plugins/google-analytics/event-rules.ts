import { type FieldFault, Rejected } from 'patchbay';

/** One event as it goes out. */
export interface OutEvent {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Where the parts of an event stand in the caller's input, as JSON pointers. */
export interface Places {
  readonly name: string;
  readonly params: string;
  param(name: string): string;
}

/** https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference#reserved_names */
const RESERVED_EVENTS = new Set(
  (
    'ad_activeview ad_click ad_exposure ad_impression ad_query ad_reward adunit_exposure app_background app_clear_data app_exception ' +
    'app_install app_remove app_store_refund app_store_subscription_cancel app_store_subscription_convert app_store_subscription_renew ' +
    'app_update app_upgrade dynamic_link_app_open dynamic_link_app_update dynamic_link_first_open error firebase_campaign first_open ' +
    'first_visit in_app_purchase notification_dismiss notification_foreground notification_open notification_receive notification_send ' +
    'os_update screen_view session_start session_start_with_rollout user_engagement'
  ).split(' '),
);
const RESERVED_PREFIX = /^(_|firebase_|ga_|google_|gtag\.)/;
const NAME = /^[A-Za-z][A-Za-z0-9_]{0,39}$/;
const MOST_PARAMS = 25;
const MOST_ITEMS = 200;
/** Characters of a text, where it may hold more than most do. */
const LONGER: Readonly<Record<string, number>> = { page_title: 300, page_referrer: 420, page_location: 1000 };
const LENGTH = 100;
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  purchase: ['transaction_id', 'currency', 'value'],
  refund: ['transaction_id'],
};

/** Everything for which Google would drop the event, or a part of it, without a word. */
export function eventFaults({ name, params }: OutEvent, places: Places): FieldFault[] {
  const fault = (pointer: string, message: string): FieldFault => ({ pointer, message });
  const given = Object.entries(params);
  return [
    ...nameProblem(name, 'An event').map((message) => fault(places.name, message)),
    ...(given.length > MOST_PARAMS
      ? [fault(places.params, `An event has at most ${MOST_PARAMS} parameters; here are ${given.length}.`)]
      : []),
    ...given.flatMap(([key, value]) =>
      [...nameProblem(key, 'A parameter'), ...valueProblem(key, value)].map((message) => fault(places.param(key), message)),
    ),
    ...(NEEDED[name] ?? [])
      .filter((key) => params[key] === undefined)
      .map((key) => fault(places.param(key), `Google needs this for ${name}.`)),
    ...(params['value'] !== undefined && params['currency'] === undefined && !NEEDED[name]?.includes('currency')
      ? [fault(places.param('currency'), 'Name the currency of the amount.')]
      : []),
    ...itemFaults(params['items'], places),
  ];
}

function nameProblem(name: string, what: string): string[] {
  if (what === 'An event' && RESERVED_EVENTS.has(name)) return [`Google keeps the name ${name} for events of its own.`];
  if (RESERVED_PREFIX.test(name))
    return [`${what} must not begin with _, ga_, google_, firebase_ or gtag.; Google keeps these for itself.`];
  return NAME.test(name) ? [] : [`${what} is named with at most 40 letters, digits and underscores, a letter first.`];
}

function valueProblem(key: string, value: unknown): string[] {
  if (key === 'items') return [];
  if (typeof value === 'number') return Number.isFinite(value) ? [] : ['This must be a number.'];
  if (typeof value === 'boolean') return [];
  // Anything but a text or a number makes the whole event vanish.
  if (typeof value !== 'string') return ['This must be a text or a number.'];
  if (key === 'currency' && !/^[A-Z]{3}$/.test(value)) return ['A currency is three capital letters, such as EUR.'];
  const most = LONGER[key] ?? LENGTH;
  return value.length > most ? [`Google takes at most ${most} characters here; there are ${value.length}.`] : [];
}

function itemFaults(value: unknown, places: Places): FieldFault[] {
  if (value === undefined) return [];
  const at = places.param('items');
  const items = value as readonly Readonly<Record<string, unknown>>[];
  if (items.length > MOST_ITEMS)
    return [{ pointer: at, message: `An event has at most ${MOST_ITEMS} items; here are ${items.length}.` }];
  return items.flatMap((item, index) =>
    item['item_id'] || item['item_name']
      ? []
      : [{ pointer: `${at}/${index}/id`, message: 'Give the number or the name of the item.' }],
  );
}

/** User properties: fewer, and shorter. */
export function userPropertyFaults(properties: Readonly<Record<string, string>>, at: string): FieldFault[] {
  const names = Object.keys(properties);
  const reserved = ['first_open_time', 'first_visit_time', 'last_deep_link_referrer', 'user_id', 'first_open_after_install'];
  return names.flatMap((name, index) => {
    const pointer = `${at}/${index}`;
    if (index >= 25) return [{ pointer, message: 'Google takes at most 25 user properties.' }];
    if (reserved.includes(name) || RESERVED_PREFIX.test(name))
      return [{ pointer: `${pointer}/name`, message: 'Google keeps this name for itself.' }];
    if (!/^[A-Za-z][A-Za-z0-9_]{0,23}$/.test(name))
      return [
        {
          pointer: `${pointer}/name`,
          message: 'A user property is named with at most 24 letters, digits and underscores, a letter first.',
        },
      ];
    return (properties[name] ?? '').length > 36
      ? [{ pointer: `${pointer}/value`, message: 'Google takes at most 36 characters here.' }]
      : [];
  });
}

/** @throws Rejected naming every field at fault */
export function assertNone(faults: readonly FieldFault[]): void {
  const [first] = faults;
  if (!first) return;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  throw new Rejected(`Google Analytics would drop this without a word: ${first.message}${more}`, { fields: faults });
}
