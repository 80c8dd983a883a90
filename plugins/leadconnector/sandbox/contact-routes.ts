import { checkBody, json, Refusal } from './answers.ts';
import type { Doc } from './base.ts';
import { type Call, find, type Route, sameLocation } from './call.ts';
import { Contacts, lower } from './contacts.ts';
import { type Fields, paging, search } from './search.ts';

const WRITABLE = [
  'firstName',
  'lastName',
  'name',
  'email',
  'phone',
  'gender',
  'address1',
  'city',
  'state',
  'postalCode',
  'country',
  'website',
  'timezone',
  'dnd',
  'dndSettings',
  'inboundDndSettings',
  'tags',
  'customFields',
  'source',
  'dateOfBirth',
  'assignedTo',
];

const SEARCHABLE: Fields = Object.fromEntries(
  [
    'id',
    'dateAdded',
    'dateUpdated',
    'email',
    'phone',
    'firstName',
    'lastName',
    'tags',
    'source',
    'assignedTo',
    'city',
    'country',
    'dnd',
    'type',
    'timezone',
  ].map((name) => [name, (doc: Doc) => doc[name]]),
);

function tagsOf(call: Call): string[] {
  const tags = call.body['tags'];
  if (!Array.isArray(tags) || tags.length === 0) throw new Refusal(422, ['tags must be an array', 'tags should not be empty']);
  return tags.map((tag) => lower(tag));
}

const contact = (call: Call) => find(call, 'contacts', { id: call.params[0], name: 'Contact' });
const desk = (call: Call) => new Contacts(call.world, call.hooks);

function upsert(call: Call) {
  checkBody(call.body, ['locationId'], [...WRITABLE, 'companyName', 'createNewIfDuplicateAllowed']);
  sameLocation(call, call.body['locationId']);
  const found = desk(call).duplicateOf(call.location, call.body);
  const { locationId: _, createNewIfDuplicateAllowed: __, ...fields } = call.body;
  if (found) return json(200, { new: false, succeded: true, contact: desk(call).update(found.doc, fields, call.now) });
  return json(200, { new: true, succeded: true, contact: desk(call).create(call.location, fields, call.now) });
}

function searchContacts(call: Call) {
  sameLocation(call, call.body['locationId']);
  const text = call.body['query'];
  if (typeof text === 'string' && text.length > 75)
    throw new Refusal(422, ['query must be shorter than or equal to 75 characters']);
  const found = search(call.world.at('contacts', call.location), {
    ...paging(call.body, 'pageLimit'),
    fields: SEARCHABLE,
    filters: call.body['filters'],
    sort: call.body['sort'],
    fallback: { field: 'dateAdded', direction: 'desc' },
    text: typeof text === 'string' ? text : undefined,
  });
  return json(200, { contacts: found.docs.map(([doc, searchAfter]) => ({ ...doc, searchAfter })), total: found.total });
}

export const contactRoutes: readonly Route[] = [
  { method: 'POST', path: '/contacts/search', scope: 'contacts.readonly', run: searchContacts },
  {
    method: 'GET',
    path: '/contacts/search/duplicate',
    scope: 'contacts.readonly',
    run(call) {
      sameLocation(call, call.req.query.get('locationId'));
      const given = { email: call.req.query.get('email'), phone: call.req.query.get('number') };
      return json(200, { contact: desk(call).duplicateOf(call.location, given)?.doc ?? null });
    },
  },
  { method: 'POST', path: '/contacts/upsert', scope: 'contacts.write', run: upsert },
  {
    method: 'POST',
    path: '/contacts/',
    scope: 'contacts.write',
    run(call) {
      checkBody(call.body, ['locationId'], [...WRITABLE, 'companyName']);
      sameLocation(call, call.body['locationId']);
      return json(201, { contact: desk(call).create(call.location, call.body, call.now) });
    },
  },
  { method: 'GET', path: '/contacts/{id}', scope: 'contacts.readonly', run: (call) => json(200, { contact: contact(call) }) },
  {
    method: 'PUT',
    path: '/contacts/{id}',
    scope: 'contacts.write',
    run(call) {
      checkBody(call.body, [], WRITABLE);
      return json(200, { succeded: true, contact: desk(call).update(contact(call), call.body, call.now) });
    },
  },
  {
    method: 'DELETE',
    path: '/contacts/{id}',
    scope: 'contacts.write',
    run(call) {
      desk(call).remove(contact(call));
      return json(200, { succeded: true });
    },
  },
  {
    method: 'GET',
    path: '/contacts/{id}/appointments',
    scope: 'contacts.readonly',
    run(call) {
      const { id } = contact(call);
      return json(200, { events: call.world.at('events', call.location).filter((event) => event['contactId'] === id) });
    },
  },
  {
    method: 'POST',
    path: '/contacts/{id}/tags',
    scope: 'contacts.write',
    run(call) {
      const doc = contact(call);
      const tags = [...new Set([...(doc['tags'] as string[]), ...tagsOf(call)])];
      return json(201, { tags: desk(call).tag(doc, tags, call.now)['tags'] });
    },
  },
  {
    method: 'DELETE',
    path: '/contacts/{id}/tags',
    scope: 'contacts.write',
    run(call) {
      const doc = contact(call);
      const gone = tagsOf(call);
      const tags = (doc['tags'] as string[]).filter((tag) => !gone.includes(tag));
      return json(200, { tags: desk(call).tag(doc, tags, call.now)['tags'] });
    },
  },
];
