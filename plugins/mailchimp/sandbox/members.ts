import type { Raw } from 'patchbay';
import { blankMember, type Doc, hashOf, memberKey, tagDoc } from './base.ts';
import type { DemoAudience } from './demo.ts';
import { type Fault, refusals } from './problems.ts';
import type { World } from './world.ts';

const STATUSES = ['subscribed', 'unsubscribed', 'cleaned', 'pending', 'transactional'];
const KNOWN = [
  'email_address',
  'email_type',
  'status',
  'status_if_new',
  'merge_fields',
  'interests',
  'language',
  'vip',
  'location',
  'marketing_permissions',
  'ip_signup',
  'timestamp_signup',
  'ip_opt',
  'timestamp_opt',
  'tags',
];

export interface Writing {
  readonly audience: DemoAudience;
  readonly body: Raw;
  /** As the provider writes it. */
  readonly now: string;
  readonly skipRequired: boolean;
}

/** What may be done to contacts, with the provider's own refusals. */
export class Members {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  find(listId: string, hash: string | undefined): Doc | undefined {
    const text = hash ?? '';
    const byHash = this.#world.get('members', memberKey(listId, /^[0-9a-f]{32}$/.test(text) ? text : hashOf(text)));
    return byHash ?? this.#world.at('members', listId).find((doc) => doc['contact_id'] === text);
  }

  /** @throws Refusal as the provider would */
  add(writing: Writing, status: string): Doc {
    const { audience, body, now } = writing;
    const email = String(body['email_address'] ?? '');
    checkAddress(email);
    check(writing, undefined);
    const hash = hashOf(email);
    if (this.#world.get('forgotten', memberKey(audience.id, hash))) throw refusals.forgotten(email);
    const doc = blankMember(audience.id, email, { at: now, webId: 900_000 + this.#world.all('members').length });
    return this.#world.put('members', merged({ ...doc, status }, body, now));
  }

  /** @throws Refusal as the provider would */
  change(doc: Doc, writing: Writing): Doc {
    const { body, now } = writing;
    check(writing, doc);
    const status = typeof body['status'] === 'string' ? body['status'] : undefined;
    const left = ['unsubscribed', 'cleaned'].includes(String(doc['status']));
    if (status === 'subscribed' && left) throw refusals.compliance(String(doc['email_address']));
    return this.#world.put('members', merged({ ...doc, ...(status && { status }) }, body, now));
  }

  /** Without questions: what happens at the provider itself. */
  set(doc: Doc, fields: Raw, now: string): Doc {
    return this.#world.put('members', { ...doc, ...fields, last_changed: now, key: doc.key });
  }

  tag(doc: Doc, names: readonly string[], given: { active: boolean; now: string }): Doc {
    const before = doc['tags'] as string[];
    const lower = names.map((name) => name.toLowerCase());
    const kept = before.filter((tag) => !lower.includes(tag.toLowerCase()));
    if (given.active) for (const name of names) this.#known(String(doc['list_id']), name, given.now);
    return this.set(doc, { tags: given.active ? [...kept, ...names] : kept }, given.now);
  }

  /** The tags of an audience, by number. */
  tags(listId: string): { tag: Doc; members: number }[] {
    const members = this.#world.at('members', listId).filter((doc) => doc['status'] === 'subscribed');
    return this.#world.at('tags', listId).map((tag) => {
      const name = String(tag['name']).toLowerCase();
      const tagged = members.filter((doc) => (doc['tags'] as string[]).some((one) => one.toLowerCase() === name));
      return { tag, members: tagged.length };
    });
  }

  /** As the API shows it. */
  shown(doc: Doc): Raw {
    const { key: _, tags, ...rest } = doc;
    const numbers = new Map(this.#world.at('tags', String(doc['list_id'])).map((tag) => [tag['name'], tag['id']]));
    const names = tags as string[];
    const listed = names.slice(0, 50).map((name) => ({ id: numbers.get(name) ?? 0, name }));
    return { ...rest, tags_count: names.length, tags: listed, _links: [] };
  }

  #known(listId: string, name: string, now: string): void {
    const all = this.#world.at('tags', listId);
    if (all.some((tag) => String(tag['name']).toLowerCase() === name.toLowerCase())) return;
    const id = Math.max(0, ...all.map((tag) => Number(tag['id']))) + 1;
    this.#world.put('tags', tagDoc(listId, { id, name, at: now }));
  }
}

function checkAddress(email: string): void {
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email)) {
    throw refusals.invalid([{ field: 'email_address', message: 'This value should be a valid email.' }]);
  }
  if (/^(test|fake|asdf)@/i.test(email) || /@fake\./i.test(email)) throw refusals.fake(email);
}

/** Names, statuses, and merge fields by what the audience has. */
function check({ audience, body, skipRequired }: Writing, before: Doc | undefined): void {
  const unknown = Object.keys(body).filter((name) => !KNOWN.includes(name));
  const faults: Fault[] = unknown.map((field) => ({ field, message: 'Schema describes no such property' }));
  for (const field of ['status', 'status_if_new']) {
    const value = body[field];
    if (value !== undefined && !STATUSES.includes(String(value))) faults.push({ field, message: 'Value is not a valid choice' });
  }
  const own = fieldsOf(audience);
  const merge = (body['merge_fields'] ?? {}) as Raw;
  for (const tag of Object.keys(merge)) {
    if (!own.some((field) => field.tag === tag)) faults.push({ field: tag, message: 'This field does not exist' });
  }
  if (!skipRequired) {
    const known = { ...((before?.['merge_fields'] as object) ?? {}), ...merge } as Raw;
    for (const { tag, required } of own)
      if (required && !known[tag]) faults.push({ field: tag, message: 'This value should not be blank.' });
  }
  if (faults.length > 0) throw refusals.invalid(faults);
}

export interface MergeField {
  readonly merge_id: number;
  readonly tag: string;
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
}

/** The usual fields and those of the audience's own. */
export function fieldsOf(audience: DemoAudience): MergeField[] {
  const usual = [
    ['FNAME', 'First Name', 'text'],
    ['LNAME', 'Last Name', 'text'],
    ['ADDRESS', 'Address', 'address'],
    ['PHONE', 'Phone Number', 'phone'],
    ['BIRTHDAY', 'Birthday', 'birthday'],
  ] as const;
  const own = audience.fields.map((field) => {
    const tag = field.replace('!', '');
    return [tag, tag.charAt(0) + tag.slice(1).toLowerCase(), 'text', field.endsWith('!')] as const;
  });
  return [...usual, ...own].map(([tag, name, type, required = false], index) => ({
    merge_id: index + 1,
    tag,
    name,
    type,
    required,
  }));
}

function merged(doc: Doc, body: Raw, now: string): Doc {
  const { status: _, status_if_new: __, merge_fields, interests, email_address, tags: ___, ...rest } = body;
  const merge = { ...(doc['merge_fields'] as Raw), ...(merge_fields as Raw | undefined) };
  const name = [merge['FNAME'], merge['LNAME']].filter(Boolean).join(' ');
  return {
    ...doc,
    ...rest,
    ...(email_address !== undefined && { email_address }),
    merge_fields: merge,
    interests: { ...(doc['interests'] as Raw), ...(interests as Raw | undefined) },
    full_name: name,
    last_changed: now,
    key: doc.key,
  };
}
