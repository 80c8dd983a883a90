import {
  type Account,
  type Address,
  type Campaign,
  type Contact,
  filled,
  isoTime,
  isRaw,
  type Model,
  minorDigits,
  number,
  type Raw,
  type Report,
  type Time,
  text,
} from 'patchbay';

const CONSENT: Readonly<Record<string, NonNullable<Contact['consent']>>> = {
  subscribed: 'subscribed',
  unsubscribed: 'unsubscribed',
  pending: 'pending',
  cleaned: 'bounced',
  transactional: 'never-asked',
};

const STATUS: Readonly<Record<string, Campaign['status']>> = {
  save: 'draft',
  paused: 'paused',
  schedule: 'scheduled',
  sending: 'active',
  sent: 'ended',
  canceling: 'ended',
  canceled: 'ended',
  archived: 'archived',
};

function time(value: unknown): Time | undefined {
  const at = isoTime(value);
  return at ? { at } : undefined;
}

function address(value: unknown): Address | undefined {
  if (!isRaw(value)) return undefined;
  const found = filled<Address>({
    line1: text(value['addr1']),
    line2: text(value['addr2']),
    city: text(value['city']),
    state: text(value['state']),
    postalCode: text(value['zip']),
    country: text(value['country']),
  });
  return Object.keys(found).length > 0 ? found : undefined;
}

/** An archived contact has lost the status it had, so nothing is said about its consent. */
export const contactModel: Model = {
  kind: 'contact',
  of: (data) =>
    filled<Contact>({
      email: text(data['email']),
      phone: text(data['phone']),
      firstName: text(data['firstName']),
      lastName: text(data['lastName']),
      name: text(data['fullName']),
      company: text(data['company']),
      address: address(data['address']),
      tags: Array.isArray(data['tags']) ? data['tags'].filter((tag) => typeof tag === 'string') : undefined,
      consent: CONSENT[String(data['status'])],
      timezone: text(data['timezone']),
      source: text(data['source']),
      createdAt: time(data['createdAt']),
      updatedAt: time(data['updatedAt']),
    }),
};

export const listModel: Model = {
  kind: 'list',
  of: (data) => ({
    name: named(data['name'], 'audience'),
    ...filled<{ members?: number; createdAt?: Time }>({
      members: number(data['subscribed']),
      createdAt: time(data['createdAt']),
    }),
  }),
};

export const campaignModel: Model = {
  kind: 'campaign',
  of(data) {
    const status = STATUS[String(data['status'])];
    if (!status) throw new Error(`the campaign has the unknown status ${String(data['status'])}`);
    return {
      name: text(data['title']) ?? named(data['subject'], 'campaign'),
      status,
      channel: 'email',
      ...filled<Pick<Campaign, 'listId' | 'startsAt'>>({ listId: text(data['listId']), startsAt: time(data['sentAt']) }),
    };
  },
};

/** From the day it was sent to the day somebody last opened or clicked. */
export const reportModel: Model = {
  kind: 'report',
  of(data, account) {
    const sent = text(data['sentAt']);
    if (!sent) throw new Error('the report has no time of sending');
    const latest = [sent, text(data['lastOpenAt']), text(data['lastClickAt'])]
      .filter((at) => at !== undefined)
      .sort()
      .at(-1);
    const zone = zoneOf(account);
    const currency = text(data['currency']);
    return {
      from: day(sent, zone),
      to: day(latest ?? sent, zone),
      zone,
      dimensions: filled<Record<string, string>>({
        campaign: text(data['title']) ?? text(data['subject']) ?? '',
        listId: text(data['listId']) ?? '',
        type: text(data['type']) ?? '',
      }),
      metrics: metrics(data, currency),
      ...(currency && { currency }),
    };
  },
};

/** Shares are of what was delivered; the provider's own are fractions in some places and percentages in others. */
function metrics(data: Raw, currency: string | undefined): Report['metrics'] {
  const count = (key: string) => number(data[key]);
  const [sent, hard, soft] = [count('emailsSent') ?? 0, count('hardBounces') ?? 0, count('softBounces') ?? 0];
  const delivered = sent - hard - soft;
  const share = (part: number | undefined) => (part === undefined || delivered <= 0 ? undefined : part / delivered);
  const revenue = count('revenue');
  return filled<Record<string, number>>({
    sent: count('emailsSent') as number,
    bounces: hard + soft,
    opens: count('opens') as number,
    uniqueOpens: count('uniqueOpens') as number,
    openShare: share(count('uniqueOpens')) as number,
    clicks: count('clicks') as number,
    clickers: count('clickers') as number,
    clickShare: share(count('clickers')) as number,
    unsubscribed: count('unsubscribed') as number,
    orders: count('orders') as number,
    revenue: (currency && revenue !== undefined ? Math.round(revenue * 10 ** minorDigits(currency)) : undefined) as number,
  });
}

function zoneOf({ vars }: Account): string {
  const zone = vars?.['timezone'];
  try {
    return zone ? new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone : 'UTC';
  } catch {
    return 'UTC';
  }
}

function day(iso: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date(iso));
}

function named(value: unknown, what: string): string {
  const name = text(value);
  if (name) return name;
  throw new Error(`the ${what} has no name`);
}
