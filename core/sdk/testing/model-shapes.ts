import type { ModelKind, Models } from '../index.ts';

type Schema = Readonly<Record<string, unknown>>;

const UTC = '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$';
const closed = <P extends Readonly<Record<string, Schema>>>(properties: P, ...required: (keyof P)[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
/** What is not known is left out: a blank says that it is known to be blank. */
const text = { type: 'string', minLength: 1, description: 'a text that is not blank' };
const one = (...of: string[]) => ({ enum: of });
const whole = { type: 'integer', description: 'a whole number' };
const time = closed(
  { at: { type: 'string', pattern: UTC, description: 'a time in UTC, such as 2026-01-31T10:00:00.000Z' }, zone: text },
  'at',
);
const day = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\d$', description: 'a day, such as 2026-01-31' };
const currency = { type: 'string', pattern: '^[A-Z]{3}$', description: 'a currency in three capitals, such as USD' };
const money = closed(
  { amount: { type: 'integer', description: 'a whole number, in the smallest unit of its currency by ISO 4217' }, currency },
  'amount',
  'currency',
);
const address = closed({ line1: text, line2: text, city: text, state: text, postalCode: text, country: text });

/** Each shape of `Models` in core/sdk/models.ts, as JSON Schema. */
export const MODEL_SHAPES = {
  contact: closed({
    email: text,
    phone: text,
    firstName: text,
    lastName: text,
    name: text,
    company: text,
    address,
    tags: { type: 'array', items: text },
    consent: one('subscribed', 'unsubscribed', 'pending', 'bounced', 'never-asked'),
    timezone: text,
    source: text,
    createdAt: time,
    updatedAt: time,
  }),
  appointment: closed(
    {
      startsAt: time,
      endsAt: time,
      title: text,
      status: one('booked', 'confirmed', 'completed', 'cancelled', 'no-show'),
      contactId: text,
      assigneeId: text,
      location: text,
    },
    'startsAt',
  ),
  opportunity: closed(
    {
      name: text,
      status: one('open', 'won', 'lost', 'abandoned'),
      value: money,
      pipeline: text,
      stage: text,
      contactId: text,
      createdAt: time,
      updatedAt: time,
    },
    'name',
    'status',
  ),
  message: closed(
    {
      channel: one('email', 'sms', 'whatsapp', 'call', 'chat', 'other'),
      direction: one('inbound', 'outbound'),
      subject: text,
      body: text,
      from: text,
      to: text,
      status: one('queued', 'sent', 'delivered', 'opened', 'failed', 'received'),
      contactId: text,
      sentAt: time,
    },
    'channel',
    'direction',
  ),
  campaign: closed(
    {
      name: text,
      channel: one('ads', 'email', 'sms', 'other'),
      status: one('draft', 'scheduled', 'active', 'paused', 'ended', 'archived'),
      objective: text,
      budget: money,
      listId: text,
      startsAt: time,
      endsAt: time,
    },
    'name',
    'status',
  ),
  list: closed({ name: text, members: whole, createdAt: time }, 'name'),
  invoice: closed(
    {
      number: text,
      status: one('draft', 'open', 'paid', 'void', 'uncollectible'),
      total: money,
      due: money,
      contactId: text,
      subscriptionId: text,
      issuedAt: time,
      dueAt: time,
      paidAt: time,
    },
    'status',
    'total',
  ),
  payment: closed(
    {
      status: one('pending', 'succeeded', 'failed', 'partly-refunded', 'refunded', 'disputed'),
      amount: money,
      refunded: money,
      fee: money,
      method: text,
      failure: text,
      contactId: text,
      invoiceId: text,
      at: time,
    },
    'status',
    'amount',
  ),
  subscription: closed(
    {
      status: one('trialing', 'active', 'past-due', 'paused', 'unpaid', 'incomplete', 'cancelled'),
      price: money,
      interval: one('day', 'week', 'month', 'year'),
      intervalCount: whole,
      contactId: text,
      startedAt: time,
      paidUntil: time,
      endsAt: time,
    },
    'status',
  ),
  report: closed(
    {
      from: day,
      to: day,
      zone: text,
      dimensions: { type: 'object', additionalProperties: { type: 'string' } },
      metrics: { type: 'object', additionalProperties: { type: 'number', description: 'a number' } },
      currency,
    },
    'from',
    'to',
    'dimensions',
    'metrics',
  ),
} as const satisfies { readonly [K in ModelKind]: { readonly properties: Readonly<Record<keyof Models[K], Schema>> } };

/** Every name of a shape. */
export const MODEL_KINDS: readonly string[] = Object.keys(MODEL_SHAPES);
