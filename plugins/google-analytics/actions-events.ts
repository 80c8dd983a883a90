import { action, type FieldFault, type Form, filled } from 'patchbay';
import { anyEvent } from './barred.ts';
import { dispatch } from './dispatch.ts';
import { checkOnly, consent, currency, folded, items, person, transactionId, value, visitor } from './event-fields.ts';
import { eventFaults, type OutEvent, type Places, userPropertyFaults } from './event-rules.ts';
import type { Context } from './manifest.ts';
import { itemsOf } from './order.ts';
import { consentOf, type Sent, withVisit } from './payload.ts';
import { userData } from './user-data.ts';
import { readVisitor } from './visitor.ts';

const pairs = (title: string, description: string, most: number) =>
  ({
    type: 'array',
    title,
    description,
    maxItems: most,
    items: {
      type: 'object',
      required: ['name', 'value'],
      properties: {
        name: { type: 'string', title: 'Name', maxLength: 60 },
        value: { type: 'string', title: 'Value', maxLength: 1000 },
        number: { type: 'boolean', title: 'A number', default: false },
      },
    },
  }) as const;

const name = {
  type: 'string',
  title: 'Event',
  description: 'Such as generate_lead, sign_up, add_to_cart, or a name of your own.',
  minLength: 1,
  maxLength: 100,
} as const;

const oneForm = {
  type: 'object',
  required: ['clientId', 'name'],
  properties: {
    name,
    ...visitor,
    value,
    currency,
    transactionId,
    items,
    params: pairs('Parameters', 'What else Google should know of the event.', 25),
    userProperties: pairs(
      'User properties',
      'What Google should keep of the visitor; at most 24 characters a name, 36 a value.',
      25,
    ),
    ...folded({ ...consent, ...person, checkOnly }),
  },
} as const satisfies Form;

type Pair = { readonly name: string; readonly value: string; readonly number?: boolean };

/** A text or a number; what was announced as a number and is none is found by the rules. */
function paramOf({ value: text, number }: Pair): string | number {
  return number ? Number(text.trim() === '' ? Number.NaN : text) : text;
}

const NAMED: Readonly<Record<string, string>> = {
  value: '/value',
  currency: '/currency',
  transaction_id: '/transactionId',
  items: '/items',
};

const sendEvent = action({
  title: 'Send an event',
  description: 'Tells Google Analytics that something happened, as the tag on your website would. It cannot be taken back.',
  input: oneForm,
  barred: anyEvent,
  async run(ctx: Context, input, call) {
    const { visitor: who, faults } = readVisitor(input, '', Date.now());
    const own = input.params ?? [];
    const params = {
      ...Object.fromEntries(own.map((pair) => [pair.name, paramOf(pair)])),
      ...filled({ value: input.value, currency: input.currency, transaction_id: input.transactionId }),
      ...(input.items?.length && { items: itemsOf(input.items) }),
    };
    const event = withVisit({ name: input.name, params }, who);
    const places: Places = {
      name: '/name',
      params: '/params',
      param: (key) => {
        const index = own.findIndex((pair) => pair.name === key);
        return index >= 0 ? `/params/${index}` : (NAMED[key] ?? '/params');
      },
    };
    const properties = Object.fromEntries((input.userProperties ?? []).map((pair) => [pair.name, pair.value]));
    const known = userData(input, { config: ctx.config, userId: who.userId });
    const userProperties = Object.fromEntries((input.userProperties ?? []).map((pair) => [pair.name, { value: paramOf(pair) }]));
    return dispatch(
      ctx,
      {
        events: [{ visitor: who, event }],
        beside: {
          consent: consentOf(input, ctx.config),
          userData: known.data,
          ...(input.userProperties?.length && { userProperties }),
        },
        checkOnly: input.checkOnly ?? false,
        faults: [...faults, ...eventFaults(event, places), ...known.faults, ...userPropertyFaults(properties, '/userProperties')],
        at: () => '/name',
      },
      call,
    );
  },
});

const manyForm = {
  type: 'object',
  required: ['events'],
  properties: {
    events: {
      type: 'array',
      title: 'Events',
      description: 'They go out in bundles of up to 25, one visitor at a time.',
      maxItems: 250,
      items: {
        type: 'object',
        required: ['name', 'clientId'],
        properties: {
          name,
          ...visitor,
          value,
          currency,
          transactionId,
          params: {
            type: 'string',
            title: 'Parameters',
            description: 'As in a web address: method=email&plan=gold.',
            maxLength: 4000,
          },
        },
      },
    },
    ...folded({ ...consent, checkOnly }),
  },
} as const satisfies Form;

const sendEvents = action({
  title: 'Send several events',
  description: 'Tells Google Analytics of up to 250 things that happened. They cannot be taken back.',
  input: manyForm,
  barred: anyEvent,
  async run(ctx: Context, input, call) {
    const now = Date.now();
    const faults: FieldFault[] = [];
    const events = input.events.map((row, index): Sent => {
      const at = `/events/${index}`;
      const read = readVisitor(row, at, now);
      const params = {
        ...Object.fromEntries(new URLSearchParams(row.params ?? '')),
        ...filled({ value: row.value, currency: row.currency, transaction_id: row.transactionId }),
      };
      const event: OutEvent = withVisit({ name: row.name, params }, read.visitor);
      const param = (key: string) => `${at}${NAMED[key] ?? '/params'}`;
      faults.push(...read.faults, ...eventFaults(event, { name: `${at}/name`, params: `${at}/params`, param }));
      return { visitor: read.visitor, event };
    });
    if (events.length === 0) faults.push({ pointer: '/events', message: 'Give at least one event.' });
    const beside = { consent: consentOf(input, ctx.config) };
    return dispatch(
      ctx,
      { events, beside, checkOnly: input.checkOnly ?? false, faults, at: (index) => `/events/${index}` },
      call,
    );
  },
});

export const eventActions = { sendEvent, sendEvents };
