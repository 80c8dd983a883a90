import type { SandboxCommand } from 'patchbay';
import { command } from 'patchbay/simulator';
import { Contacts } from './contacts.ts';
import { type Desk, home, idField, locationField, pick } from './desk.ts';

const addContact = (desk: Desk) =>
  command({
    title: 'Add a contact',
    input: {
      type: 'object',
      properties: {
        location: locationField,
        firstName: { type: 'string', title: 'First name', default: 'Sandra' },
        lastName: { type: 'string', title: 'Last name', default: 'Box' },
        email: { type: 'string', title: 'Email', description: 'Empty: a new one is made up.', format: 'email' },
        tag: { type: 'string', title: 'Tag' },
      },
    },
    async run({ location = home, firstName = 'Sandra', lastName = 'Box', email, tag }) {
      const made = `${firstName}.${lastName}.${desk.world.newId().slice(0, 6)}@mail.example`.toLowerCase();
      const given = { firstName, lastName, email: email || made, source: 'sandbox panel', tags: tag ? [tag] : [] };
      const contact = new Contacts(desk.world, desk.hooks).create(location, given, desk.now());
      return { message: `Added ${String(contact['name'])}.`, contactId: contact.id, email: contact['email'] };
    },
  });

const changeContact = (desk: Desk) =>
  command({
    title: 'Change a contact',
    input: {
      type: 'object',
      properties: {
        location: locationField,
        contactId: idField('Contact ID'),
        firstName: { type: 'string', title: 'First name', default: 'Changed' },
      },
    },
    async run({ location = home, contactId, firstName = 'Changed' }) {
      const contact = pick(desk, 'contacts', { id: contactId, location });
      const after = new Contacts(desk.world, desk.hooks).update(contact, { firstName }, desk.now());
      return { message: `It is ${String(after['name'])} now.`, contactId: after.id };
    },
  });

const deleteContact = (desk: Desk) =>
  command({
    title: 'Delete a contact',
    input: { type: 'object', properties: { location: locationField, contactId: idField('Contact ID') } },
    async run({ location = home, contactId }) {
      const contact = pick(desk, 'contacts', { id: contactId, location });
      new Contacts(desk.world, desk.hooks).remove(contact);
      return { message: `Deleted ${String(contact['name'])}.`, contactId: contact.id };
    },
  });

const sendMessage = (desk: Desk) =>
  command({
    title: 'Receive a message',
    description: 'A contact writes in.',
    input: {
      type: 'object',
      properties: {
        location: locationField,
        contactId: idField('Contact ID'),
        body: { type: 'string', title: 'Message', default: 'Do you have a free slot tomorrow?' },
      },
    },
    async run({ location = home, contactId, body = 'Do you have a free slot tomorrow?' }) {
      const contact = pick(desk, 'contacts', { id: contactId, location });
      const messageId = desk.world.newId();
      desk.hooks.emit(contact.locationId, 'InboundMessage', {
        messageId,
        contactId: contact.id,
        conversationId: `conv${contact.id.slice(4)}`,
        body,
        attachments: [],
        contentType: 'text/plain',
        direction: 'inbound',
        messageType: 'SMS',
        status: 'delivered',
        dateAdded: desk.now(),
      });
      return { message: `${String(contact['name'])} wrote in.`, messageId, contactId: contact.id };
    },
  });

/** What a person at the provider, or a contact, would do. */
export function contactCommands(desk: Desk): Record<string, SandboxCommand> {
  return {
    addContact: addContact(desk),
    changeContact: changeContact(desk),
    deleteContact: deleteContact(desk),
    sendMessage: sendMessage(desk),
  };
}
