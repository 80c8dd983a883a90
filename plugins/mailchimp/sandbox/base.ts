import { createHash } from 'node:crypto';
import { Random } from 'patchbay/simulator';
import type { DemoAccount, DemoAudience } from './demo.ts';

/** An object as the provider keeps it; `key` is unique within its kind. */
export type Doc = Readonly<Record<string, unknown>> & { readonly key: string };

const DAY = 86_400_000;
const FIRST =
  'Ada Ben Clara David Ella Farid Grace Hugo Iris Jonas Kofi Lena Marta Noah Olga Paul Quinn Rosa Sam Tara Uma Victor';
const LAST = 'Adams Brandt Costa Diaz Evans Fischer Gupta Hansen Ito Jones Klein Lopez Moore Nowak Okoro Patel Reyes Singh';
const SOURCES = ['Admin Add', 'List Import from CSV', 'Hosted Signup Form', 'API - Generic', 'Embed Form'];
const SUBJECTS = ['Your week', 'New classes', 'Last places', 'We miss you', 'Bring a friend', 'Opening hours', 'Thank you'];

/** `2026-01-31T10:00:00+00:00`, as the provider writes moments. */
export function stamp(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}+00:00`;
}

export function hashOf(email: string): string {
  return createHash('md5').update(email.toLowerCase()).digest('hex');
}

export function memberKey(listId: string, hash: string): string {
  return `${listId}:${hash}`;
}

/** What a contact has whoever adds it. */
export function blankMember(listId: string, email: string, given: { at: string; webId: number }): Doc {
  const hash = hashOf(email);
  return {
    key: memberKey(listId, hash),
    id: hash,
    email_address: email,
    unique_email_id: createHash('sha1').update(email.toLowerCase()).digest('hex').slice(0, 10),
    contact_id: createHash('md5').update(`contact ${listId} ${given.webId}`).digest('hex'),
    full_name: '',
    web_id: given.webId,
    email_type: 'html',
    consents_to_one_to_one_messaging: true,
    merge_fields: { FNAME: '', LNAME: '', ADDRESS: '', PHONE: '', BIRTHDAY: '' },
    interests: {},
    stats: { avg_open_rate: 0, avg_click_rate: 0 },
    ip_signup: '',
    timestamp_signup: '',
    ip_opt: '',
    timestamp_opt: given.at,
    member_rating: 2,
    last_changed: given.at,
    language: '',
    vip: false,
    email_client: '',
    location: { latitude: 0, longitude: 0, gmtoff: 0, dstoff: 0, country_code: '', timezone: '', region: '' },
    source: 'API - Generic',
    tags: [],
    list_id: listId,
  };
}

/** Every fourth contact came by one import: more of one second than a page holds, which is what trips careless paging. */
export function baseMembers(account: DemoAccount, audience: DemoAudience, epoch: number): Doc[] {
  const random = new Random(account.seed * 1000 + audience.members);
  const imported = epoch - 200 * DAY;
  const interests = interestIds(audience);
  return Array.from({ length: audience.members }, (_, index) => {
    const [first, last] = [random.pick(FIRST.split(' ')), random.pick(LAST.split(' '))];
    const added = index % 4 === 0 ? imported : epoch - DAY - random.below(700 * DAY);
    const changed = index % 4 === 0 ? imported : added + random.below(epoch - 3_600_000 - added);
    const email = `${first}.${last}.${index}@mail.example`.toLowerCase();
    const status = statusOf(random.next());
    const merge = { FNAME: first, LNAME: last, PHONE: `+1555${String(account.seed * 100_000 + index).padStart(7, '0')}` };
    const base = blankMember(audience.id, email, { at: stamp(added), webId: account.seed * 1_000_000 + index });
    return {
      ...base,
      status,
      full_name: `${first} ${last}`,
      merge_fields: { ...(base['merge_fields'] as object), ...merge, ...company(audience, last) },
      interests: Object.fromEntries(interests.map((id) => [id, random.chance(0.2)])),
      tags: audience.tags.filter(() => random.chance(0.25)),
      ...permissions(audience, index),
      ...(status === 'unsubscribed' && { unsubscribe_reason: 'N/A (Unsubscribed by admin)' }),
      timestamp_signup: stamp(added),
      last_changed: stamp(changed),
      member_rating: 1 + random.below(5),
      vip: random.chance(0.02),
      language: 'en',
      source: index % 4 === 0 ? 'List Import from CSV' : random.pick(SOURCES),
      stats: { avg_open_rate: random.below(100) / 100, avg_click_rate: random.below(30) / 100 },
      location: { latitude: 0, longitude: 0, gmtoff: 0, dstoff: 0, country_code: 'US', timezone: account.timezone, region: '' },
    };
  });
}

function permissions({ id, permissions: asked }: DemoAudience, index: number): object {
  if (!asked) return {};
  const given = asked.map((text, position) => ({
    marketing_permission_id: hashOf(`${id} ${text}`).slice(0, 10),
    text,
    enabled: index % (position + 2) === 0,
  }));
  return { marketing_permissions: given };
}

function company({ fields }: DemoAudience, last: string): Record<string, string> {
  return fields.some((field) => field.startsWith('COMPANY')) ? { COMPANY: `${last} & Co` } : {};
}

function statusOf(share: number): string {
  if (share < 0.8) return 'subscribed';
  if (share < 0.88) return 'unsubscribed';
  if (share < 0.92) return 'cleaned';
  if (share < 0.94) return 'pending';
  return share < 0.97 ? 'transactional' : 'archived';
}

/** Names of interests, by a number of their audience that lasts. */
export function interestIds(audience: DemoAudience): string[] {
  return audience.interests.flatMap(({ title, names }) =>
    names.map((name) => hashOf(`${audience.id} ${title} ${name}`).slice(0, 10)),
  );
}

export function baseTags(audience: DemoAudience, epoch: number): Doc[] {
  const first = Number.parseInt(audience.id.slice(0, 5), 16);
  return audience.tags.map((name, index) => tagDoc(audience.id, { id: first + index, name, at: stamp(epoch - 300 * DAY) }));
}

export function tagDoc(listId: string, { id, name, at }: { id: number; name: string; at: string }): Doc {
  return { key: `${listId}:${id}`, id, name, type: 'static', created_at: at, updated_at: at, list_id: listId };
}

/** One every six days or so, the last ones still to be sent. */
export function baseCampaigns(account: DemoAccount, epoch: number): Doc[] {
  const random = new Random(account.seed * 1000 + 7);
  return Array.from({ length: account.campaigns }, (_, index) => {
    const audience = random.chance(0.85) ? account.audiences[0] : random.pick(account.audiences);
    const age = (account.campaigns - index) * 6 - 12;
    const created = epoch - Math.max(age + 2, 1) * DAY - random.below(DAY);
    const status = age < 0 ? 'schedule' : index % 37 === 5 ? 'save' : 'sent';
    const subject = `${random.pick(SUBJECTS)} no. ${index + 1}`;
    const doc = campaignDoc(account, audience, { id: random.hex(10), subject, created: stamp(created) });
    const recipients = Math.round(audience.members * (0.7 + random.next() * 0.1));
    if (status === 'sent') return sentCampaign(doc, { at: epoch - age * DAY, recipients, random });
    return { ...doc, status, ...(status === 'schedule' && { send_time: stamp(epoch - age * DAY) }) };
  });
}

export function campaignDoc(
  account: DemoAccount,
  audience: DemoAudience,
  given: { id: string; subject: string; created: string },
): Doc {
  return {
    key: given.id,
    id: given.id,
    web_id: Number.parseInt(given.id.slice(0, 6), 16),
    account: account.id,
    type: 'regular',
    create_time: given.created,
    send_time: '',
    archive_url: `https://eepurl.example/${given.id}`,
    status: 'save',
    emails_sent: 0,
    content_type: 'template',
    recipients: { list_id: audience.id, list_is_active: true, list_name: audience.name, recipient_count: 0 },
    settings: { subject_line: given.subject, title: given.subject, from_name: account.name, reply_to: account.owner },
  };
}

export function sentCampaign(doc: Doc, given: { at: number; recipients: number; random: Random }): Doc {
  const { at, recipients, random } = given;
  const opened = Math.round(recipients * (0.2 + random.next() * 0.2));
  const clicked = Math.round(opened * (0.1 + random.next() * 0.2));
  return {
    ...doc,
    status: 'sent',
    send_time: stamp(at),
    emails_sent: recipients,
    recipients: { ...(doc['recipients'] as object), recipient_count: recipients },
    figures: {
      hard: random.below(5),
      soft: random.below(9),
      opens: opened + random.below(opened + 1),
      opened,
      clicks: clicked + random.below(clicked + 1),
      clicked,
      gone: random.below(6),
      orders: random.below(12),
      last: stamp(at + random.below(5 * DAY)),
    },
  };
}
