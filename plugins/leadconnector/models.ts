import {
  type Account,
  type Address,
  type Appointment,
  type Contact,
  filled,
  type Message,
  type Model,
  type Opportunity,
  type Raw,
  rawOf,
  type Time,
  text,
} from 'patchbay';
import { timeFrom } from './records.ts';

/** How the records of these streams read in the shapes all providers share. */
export const models = {
  contacts: { kind: 'contact', of: contact },
  appointments: { kind: 'appointment', of: appointment },
  opportunities: { kind: 'opportunity', of: opportunity },
  messages: { kind: 'message', of: message },
} as const satisfies Record<string, Model>;

function contact(data: Raw, account: Account): Contact {
  return filled<Contact>({
    email: text(data['email']),
    phone: text(data['phone']),
    firstName: text(data['firstName']),
    lastName: text(data['lastName']),
    name: text(data['name']),
    company: text(data['companyName']),
    address: address(data),
    tags: Array.isArray(data['tags']) ? data['tags'].filter((tag) => typeof tag === 'string') : undefined,
    // Do not disturb is said by the person for every channel; its absence says nothing.
    consent: data['dnd'] === true ? 'unsubscribed' : undefined,
    timezone: text(data['timezone']),
    source: text(data['source']),
    createdAt: time(data['dateAdded'], account),
    updatedAt: time(data['dateUpdated'], account),
  });
}

function address(data: Raw): Address | undefined {
  const found = filled<Address>({
    line1: text(data['address1']),
    city: text(data['city']),
    state: text(data['state']),
    postalCode: text(data['postalCode']),
    country: text(data['country']),
  });
  return Object.keys(found).length > 0 ? found : undefined;
}

/** What is not among these (`invalid`) is none of the shared ones. */
const APPOINTMENT: Readonly<Record<string, Appointment['status']>> = {
  new: 'booked',
  confirmed: 'confirmed',
  showed: 'completed',
  completed: 'completed',
  cancelled: 'cancelled',
  noshow: 'no-show',
};

function appointment(data: Raw, account: Account): Appointment {
  const startsAt = time(data['startTime'], account);
  if (!startsAt) throw new Error('the appointment has no time at which it begins');
  return filled<Appointment>({
    startsAt,
    endsAt: time(data['endTime'], account),
    title: text(data['title']),
    status: APPOINTMENT[String(data['appointmentStatus'])],
    contactId: text(data['contactId']),
    assigneeId: text(data['assignedUserId']),
    location: text(data['address']),
  });
}

const OPPORTUNITY: readonly string[] = ['open', 'won', 'lost', 'abandoned'] satisfies Opportunity['status'][];

/** Its value has no currency here, so it is no money yet; the record itself keeps the figure. */
function opportunity(data: Raw, account: Account): Opportunity {
  const status = String(data['status']);
  if (!OPPORTUNITY.includes(status)) throw new Error(`an opportunity cannot be ${status}`);
  return filled<Opportunity>({
    name: text(data['name']) ?? String(data['id']),
    status: status as Opportunity['status'],
    pipeline: text(data['pipelineId']),
    stage: text(data['pipelineStageId']),
    contactId: text(data['contactId']),
    createdAt: time(data['createdAt'], account),
    updatedAt: time(data['updatedAt'], account),
  });
}

const CHANNEL: Readonly<Record<string, Message['channel']>> = {
  sms: 'sms',
  email: 'email',
  call: 'call',
  voicemail: 'call',
  whatsapp: 'whatsapp',
  livechat: 'chat',
};

const STATUS: Readonly<Record<string, Message['status']>> = {
  pending: 'queued',
  scheduled: 'queued',
  sent: 'sent',
  delivered: 'delivered',
  read: 'opened',
  opened: 'opened',
  clicked: 'opened',
  failed: 'failed',
  undelivered: 'failed',
  received: 'received',
};

/** Kinds are written `SMS` or `TYPE_SMS`, and with or without blanks. */
function message(data: Raw, account: Account): Message {
  const kind = String(data['messageType'])
    .toLowerCase()
    .replace(/^type_|[^a-z]/g, '');
  const direction = data['direction'];
  if (direction !== 'inbound' && direction !== 'outbound') throw new Error('the message does not say which way it went');
  return filled<Message>({
    channel: CHANNEL[kind] ?? 'other',
    direction,
    subject: text(data['subject']),
    body: text(data['body']),
    from: text(data['from']),
    to: text(data['to']) ?? text(Array.isArray(data['to']) ? data['to'][0] : undefined),
    status: STATUS[String(data['status']).toLowerCase()],
    contactId: text(data['contactId']),
    sentAt: time(data['dateAdded'], account),
  });
}

/** In the zone the text itself names, else in that of the location. */
function time(value: unknown, { vars }: Account): Time | undefined {
  const at = timeFrom(value);
  if (!at) return undefined;
  const [offset] = /[+-]\d\d:?\d\d$/.exec(text(value) ?? '') ?? [];
  const zone = offset ?? text(rawOf(vars)['timezone']);
  return zone === undefined ? { at } : { at, zone };
}
