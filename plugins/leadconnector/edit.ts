import { type Edit, isRaw, Rejected, text } from 'patchbay';
import { contactFields } from './actions-contacts.ts';

/** What of a contact may be changed: what an update takes. Blanking is left out: the update skips what is empty. */
export const contactEdit: Edit = {
  write: 'updateContact',
  read: 'getContact',
  input(contactId, change) {
    const faults = Object.entries(change).flatMap(([name, value]) => fault(name, value));
    if (faults.length > 0) throw new Rejected('Some of these fields cannot be written to LeadConnector.', { fields: faults });
    const { customFields, ...rest } = change;
    return { contactId, ...rest, ...(Array.isArray(customFields) && { customFields: customFields.map(line) }) };
  },
};

function fault(name: string, value: unknown): { pointer: string; message: string }[] {
  const pointer = `/data/${name}`;
  if (!contactFields.includes(name)) return [{ pointer, message: `Only ${contactFields.join(', ')} can be changed.` }];
  const isEmpty = value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  return isEmpty ? [{ pointer, message: 'This cannot be emptied from here; empty it in LeadConnector.' }] : [];
}

/** Read as `{ id, value }`, written as lines. */
function line(field: unknown, index: number): string {
  const id = isRaw(field) ? text(field['id']) : undefined;
  if (isRaw(field) && id) return `${id}=${String(field['value'] ?? '')}`;
  throw new Rejected('A custom field is an id and a value.', {
    fields: [{ pointer: `/data/customFields/${index}`, message: 'Give it as {"id": …, "value": …}.' }],
  });
}
