import { type Item, isoTime, isRaw, picked, type Raw, rows, text } from 'patchbay';

/** One shape per kind of record, whichever of the provider's endpoints or webhooks it came from: else hashes would flap. */

const CONTACT = [
  'locationId',
  'email',
  'phone',
  'companyName',
  'address1',
  'city',
  'state',
  'postalCode',
  'country',
  'website',
  'timezone',
  'dnd',
  'dndSettings',
  'type',
  'source',
  'assignedTo',
  'dateOfBirth',
  'businessId',
  'attributionSource',
  'dateAdded',
  'dateUpdated',
] as const;

const APPOINTMENT = [
  'locationId',
  'calendarId',
  'contactId',
  'groupId',
  'title',
  'appointmentStatus',
  'assignedUserId',
  'users',
  'notes',
  'description',
  'address',
  'startTime',
  'endTime',
  'isRecurring',
  'rrule',
  'masterEventId',
  'dateAdded',
  'dateUpdated',
] as const;

const OPPORTUNITY = [
  'locationId',
  'name',
  'monetaryValue',
  'pipelineId',
  'pipelineStageId',
  'status',
  'source',
  'assignedTo',
  'contactId',
  'lostReasonId',
  'lastStatusChangeAt',
  'lastStageChangeAt',
  'createdAt',
  'updatedAt',
] as const;

const MESSAGE = [
  'locationId',
  'contactId',
  'conversationId',
  'direction',
  'messageType',
  'contentType',
  'subject',
  'body',
  'attachments',
  'status',
  'from',
  'to',
  'userId',
  'source',
  'dateAdded',
] as const;

/** `undefined` where the object has no id: it cannot be kept. */
export function contactItem(raw: Raw): Item | undefined {
  // Searches lower-case the names and keep the typed form beside them.
  const firstName = text(raw['firstNameRaw']) ?? text(raw['firstName']);
  const lastName = text(raw['lastNameRaw']) ?? text(raw['lastName']);
  const full = [firstName, lastName].filter(Boolean).join(' ');
  const name = full || text(raw['contactName']) || text(raw['name']) || text(raw['companyName']);
  return item(raw, text(raw['dateUpdated']), {
    ...(firstName && { firstName }),
    ...(lastName && { lastName }),
    ...(name && { name }),
    ...picked(raw, CONTACT),
    tags: Array.isArray(raw['tags']) ? raw['tags'].filter((tag) => typeof tag === 'string') : [],
    customFields: fieldsOf(raw),
  });
}

export function calendarItem(raw: Raw): Item | undefined {
  const { notifications: _, ...data } = raw;
  return item(raw, undefined, data);
}

export function appointmentItem(raw: Raw): Item | undefined {
  return item(raw, timeFrom(raw['dateUpdated']), picked(raw, APPOINTMENT));
}

export function opportunityItem(raw: Raw): Item | undefined {
  const contact = isRaw(raw['contact']) ? raw['contact'] : {};
  const contactId = text(raw['contactId']) ?? text(contact['id']);
  return item(raw, text(raw['updatedAt']), {
    ...picked(raw, OPPORTUNITY),
    ...(contactId && { contactId }),
    customFields: fieldsOf(raw),
  });
}

export function pipelineItem(raw: Raw): Item | undefined {
  return item(raw, undefined, raw);
}

/** Messages exist as webhooks only; some kinds carry no id, then the webhook's own stands in. */
export function messageItem(raw: Raw, eventId: string): Item {
  const id = text(raw['messageId']) ?? text(raw['emailMessageId']) ?? text(raw['id']) ?? eventId;
  const at = timeFrom(raw['dateAdded']);
  return { id, data: { id, ...picked(raw, MESSAGE) }, ...(at && { updatedAt: at }) };
}

function item(raw: Raw, updatedAt: string | undefined, data: Raw): Item | undefined {
  const id = text(raw['id']) ?? text(raw['_id']);
  if (!id) return undefined;
  const at = isoTime(updatedAt);
  return { id, data: { id, ...data }, ...(at && { updatedAt: at }) };
}

/** Read as `value` on contacts, `fieldValue` on opportunities (or one of its typed siblings). */
function fieldsOf(raw: Raw): Raw[] {
  return rows(raw['customFields']).flatMap((field) => {
    const id = text(field['id']);
    const value = field['value'] ?? field['fieldValue'] ?? field['fieldValueString'] ?? field['fieldValueArray'];
    return id === undefined || value === undefined ? [] : [{ id, value }];
  });
}

/** Appointments are dated with any offset, or with milliseconds. */
export function timeFrom(value: unknown): string | undefined {
  return isoTime(typeof value === 'number' && Math.abs(value) <= 8.64e15 ? new Date(value).toISOString() : value);
}

/** The readable objects of a page, and what to say of the others. */
export function sorted(
  raws: readonly Raw[],
  shape: (raw: Raw) => Item | undefined,
): { items: Item[]; failed: { id: string; reason: string }[] } {
  const items: Item[] = [];
  const failed: { id: string; reason: string }[] = [];
  for (const raw of raws) {
    const made = shape(raw);
    if (made) items.push(made);
    else failed.push({ id: 'unknown', reason: 'LeadConnector sent a record without an id.' });
  }
  return { items, failed };
}
