/** One finding of the validation server. */
export interface Finding {
  readonly fieldPath: string;
  readonly description: string;
  readonly validationCode: string;
}

const RESERVED_EVENTS = [
  'ad_activeview',
  'ad_click',
  'ad_exposure',
  'ad_impression',
  'ad_query',
  'adunit_exposure',
  'app_clear_data',
  'app_remove',
  'app_update',
  'error',
  'first_open',
  'first_visit',
  'in_app_purchase',
  'notification_dismiss',
  'notification_foreground',
  'notification_open',
  'notification_receive',
  'os_update',
  'screen_view',
  'session_start',
  'user_engagement',
];
const RESERVED_PREFIX = /^(_|firebase_|ga_|google_|gtag\.)/;
const AGE_MS = 72 * 3_600_000;
/** Characters of a text (a standard property), and where it may hold more. */
const LENGTH = 100;
const LONGER: Readonly<Record<string, number>> = { page_title: 300, page_referrer: 420, page_location: 1000 };
const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

const finding = (validationCode: string, fieldPath: string, description: string): Finding => ({
  fieldPath,
  description,
  validationCode,
});

/** What the validation server says to a body. It says nothing about the secret, nor does it look at it. */
export function findings(body: unknown, now: number): Finding[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return [finding('VALUE_INVALID', '', 'The body is not a JSON object.')];
  const { client_id: clientId, events, timestamp_micros: at } = body as Record<string, unknown>;
  const found = personFindings(body as Record<string, unknown>);
  if (typeof clientId !== 'string' || clientId === '')
    found.push(finding('VALUE_REQUIRED', 'client_id', 'Measurement requires a client_id.'));
  if (at !== undefined) found.push(...ageFindings(at, 'timestamp_micros', now));
  if (!Array.isArray(events) || events.length === 0)
    return [...found, finding('VALUE_REQUIRED', 'events', 'Measurement requires at least one event.')];
  if (events.length > 25)
    found.push(finding('EXCEEDED_MAX_ENTITIES', 'events', `Measurement has ${events.length} events, at most 25 are allowed.`));
  return [...found, ...events.flatMap((event, index) => eventFindings(event as Record<string, unknown>, index, now))];
}

function personFindings(body: Record<string, unknown>): Finding[] {
  const found: Finding[] = [];
  const properties = Object.entries((body['user_properties'] ?? {}) as Record<string, { value?: unknown } | null>);
  if (properties.length > 25) found.push(finding('EXCEEDED_MAX_ENTITIES', 'user_properties', 'More than 25 user properties.'));
  if (properties.some(([name]) => name.length > 24))
    found.push(finding('NAME_INVALID', 'user_properties', 'A name is longer than 24 characters.'));
  if (properties.some(([, property]) => String(property?.value ?? '').length > 36))
    found.push(finding('VALUE_OUT_OF_BOUNDS', 'user_properties', 'A value is longer than 36 characters.'));
  const said = Object.values((body['consent'] ?? {}) as object);
  if (said.some((one) => one !== 'GRANTED' && one !== 'DENIED'))
    found.push(finding('VALUE_INVALID', 'consent', 'Consent is GRANTED or DENIED.'));
  if (body['user_data'] !== undefined && !body['user_id'])
    found.push(finding('VALUE_REQUIRED', 'user_id', 'user_data requires a user_id.'));
  return found;
}

function eventFindings(event: Record<string, unknown>, index: number, now: number): Finding[] {
  const name = String(event['name'] ?? '');
  const at = `Event at index: [${index}]`;
  if (name === '') return [finding('VALUE_REQUIRED', 'events', `${at} has no name.`)];
  if (RESERVED_EVENTS.includes(name)) return [finding('NAME_RESERVED', 'events', `${at} has name [${name}] which is reserved.`)];
  if (/^[^A-Za-z]/.test(name))
    return [
      finding('NAME_INVALID', 'events', `${at} has invalid name [${name}]. Names must start with an alphabetic character.`),
    ];
  if (RESERVED_PREFIX.test(name)) return [finding('NAME_RESERVED', 'events', `${at} has name [${name}] with a reserved prefix.`)];
  if (!NAME.test(name))
    return [
      finding(
        'NAME_INVALID',
        'events',
        `${at} has invalid name [${name}]. Only alpha-numeric characters and underscores are allowed.`,
      ),
    ];
  if (name.length > 40) return [finding('NAME_INVALID', 'events', `${at} has a name longer than 40 characters.`)];
  const when =
    event['timestamp_micros'] === undefined
      ? []
      : ageFindings(event['timestamp_micros'], `events[${index}].timestamp_micros`, now);
  return [...when, ...paramFindings((event['params'] ?? {}) as Record<string, unknown>, name, `events[${index}].params`)];
}

function paramFindings(params: Record<string, unknown>, name: string, path: string): Finding[] {
  const found: Finding[] = [];
  if (Object.keys(params).length > 25) found.push(finding('EXCEEDED_MAX_ENTITIES', path, 'An event has at most 25 parameters.'));
  for (const [key, value] of Object.entries(params)) {
    if (!NAME.test(key) || key.length > 40 || RESERVED_PREFIX.test(key))
      found.push(finding('NAME_INVALID', `${path}.${key}`, `The parameter name [${key}] is invalid.`));
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (!plain && key !== 'items')
      found.push(finding('VALUE_INVALID', `${path}.${key}`, `The value of [${key}] must be a string or a number.`));
    if (typeof value === 'string' && value.length > (LONGER[key] ?? LENGTH))
      found.push(finding('VALUE_OUT_OF_BOUNDS', `${path}.${key}`, `The value of [${key}] is too long.`));
  }
  if (params['value'] !== undefined && params['currency'] === undefined)
    found.push(finding('VALUE_REQUIRED', `${path}.currency`, 'currency is required when value is set.'));
  if (['purchase', 'refund'].includes(name) && typeof params['transaction_id'] !== 'string')
    found.push(finding('VALUE_REQUIRED', `${path}.transaction_id`, `transaction_id is required for the event ${name}.`));
  const items = params['items'];
  if (items !== undefined && (!Array.isArray(items) || items.length > 200))
    found.push(finding('EXCEEDED_MAX_ENTITIES', `${path}.items`, 'At most 200 items.'));
  for (const item of Array.isArray(items) ? items : [])
    if (!item?.item_id && !item?.item_name)
      found.push(finding('VALUE_REQUIRED', `${path}.items`, 'One of item_id or item_name is required.'));
  return found;
}

function ageFindings(value: unknown, path: string, now: number): Finding[] {
  const ms = Number(value) / 1000;
  if (!Number.isFinite(ms)) return [finding('VALUE_INVALID', path, 'The timestamp is not a number of microseconds.')];
  if (ms < now - AGE_MS || ms > now + 15 * 60_000)
    return [finding('VALUE_OUT_OF_BOUNDS', path, 'The timestamp is not within the past 72 hours.')];
  return [];
}
