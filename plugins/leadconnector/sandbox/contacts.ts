import type { Raw } from 'patchbay';
import { Refusal } from './answers.ts';
import type { Doc } from './base.ts';
import type { Hooks } from './hooks.ts';
import type { World } from './world.ts';

/** Changes a contact as a call or a button would, with the webhook that follows. */
export class Contacts {
  readonly #world: World;
  readonly #hooks: Hooks;

  constructor(world: World, hooks: Hooks) {
    this.#world = world;
    this.#hooks = hooks;
  }

  create(locationId: string, given: Raw, now: string): Doc {
    this.#refuseDuplicate(locationId, given, undefined);
    const base = { id: this.#world.newId(), locationId, type: 'lead', dnd: false, tags: [], customFields: [] };
    const doc = this.#world.put('contacts', named({ ...base, ...fieldsOf(given), dateAdded: now, dateUpdated: now }));
    this.#hooks.emit(locationId, 'ContactCreate', payload(doc));
    return doc;
  }

  update(before: Doc, given: Raw, now: string): Doc {
    this.#refuseDuplicate(before.locationId, given, before.id);
    const fields = fieldsOf(given);
    const customFields = merged(before['customFields'], fields['customFields']);
    const doc = this.#world.put('contacts', named({ ...before, ...fields, customFields, dateUpdated: now }));
    if (given['tags'] !== undefined && String(before['tags']) !== String(doc['tags'])) this.#tagged(doc);
    if (Object.keys(given).some((name) => name !== 'tags')) this.#hooks.emit(doc.locationId, 'ContactUpdate', payload(doc));
    return doc;
  }

  tag(before: Doc, tags: readonly string[], now: string): Doc {
    const doc = this.#world.put('contacts', { ...before, tags, dateUpdated: now });
    this.#tagged(doc);
    return doc;
  }

  remove(doc: Doc): void {
    this.#world.remove('contacts', doc.id);
    this.#hooks.emit(doc.locationId, 'ContactDelete', payload(doc));
  }

  /** By email, then by phone: the first that matches. */
  duplicateOf(locationId: string, given: Raw): { doc: Doc; field: string } | undefined {
    const email = lower(given['email']);
    const phone = digits(given['phone']);
    const all = email || phone ? this.#world.at('contacts', locationId) : [];
    const byEmail = email && all.find((doc) => lower(doc['email']) === email);
    if (byEmail) return { doc: byEmail, field: 'email' };
    const byPhone = phone && all.find((doc) => digits(doc['phone']) === phone);
    return byPhone ? { doc: byPhone, field: 'phone' } : undefined;
  }

  #refuseDuplicate(locationId: string, given: Raw, self: string | undefined): void {
    const found = this.duplicateOf(locationId, given);
    if (!found || found.doc.id === self) return;
    const meta = { contactId: found.doc.id, matchingField: found.field };
    throw new Refusal(400, 'This location does not allow duplicated contacts.', { meta });
  }

  #tagged(doc: Doc): void {
    this.#hooks.emit(doc.locationId, 'ContactTagUpdate', { id: doc.id, tags: doc['tags'] });
  }
}

export const lower = (value: unknown) => (typeof value === 'string' ? value.trim().toLowerCase() : '');
const digits = (value: unknown) => (typeof value === 'string' ? value.replace(/\D/g, '') : '');

/** Webhooks tell a part of the contact, and not when it changed. */
function payload(doc: Doc): object {
  const { dateUpdated: _, dndSettings: __, locationId: ___, type: ____, timezone: _____, ...told } = doc;
  return told;
}

function named(doc: Doc): Doc {
  const name = [doc['firstName'], doc['lastName']].filter(Boolean).join(' ');
  return name ? { ...doc, name } : doc;
}

/** Written as `field_value`, kept and read as `value`; tags are lower case. */
function fieldsOf(given: Raw): Raw {
  const { locationId: _, createNewIfDuplicateAllowed: __, ...fields } = given;
  const custom = fields['customFields'];
  const tags = fields['tags'];
  return {
    ...fields,
    ...(typeof fields['phone'] === 'string' && { phone: `+${digits(fields['phone'])}` }),
    ...(typeof fields['email'] === 'string' && { email: lower(fields['email']) }),
    ...(Array.isArray(tags) && { tags: [...new Set(tags.map((tag) => lower(tag)))] }),
    ...(Array.isArray(custom) && { customFields: custom.map(({ id, field_value }) => ({ id, value: field_value })) }),
  };
}

function merged(before: unknown, given: unknown): unknown {
  if (!Array.isArray(given)) return before;
  const kept = Array.isArray(before) ? before.filter(({ id }) => !given.some((field) => field.id === id)) : [];
  return [...kept, ...given];
}
