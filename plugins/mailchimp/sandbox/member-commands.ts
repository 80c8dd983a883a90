import { Rejected, type SandboxCommand } from 'patchbay';
import { command } from 'patchbay/simulator';
import { blankMember, hashOf, memberKey } from './base.ts';
import { audienceField, audienceOf, type Desk, HOME, oneMember, pick } from './desk.ts';
import { Members } from './members.ts';

const addMember = (desk: Desk) =>
  command({
    title: 'Somebody subscribes',
    description: 'By a form of the audience, as a visitor would.',
    input: {
      type: 'object',
      properties: {
        email: { type: 'string', title: 'Email address', description: 'Empty: a new one.', maxLength: 254 },
        firstName: { type: 'string', title: 'First name', default: 'Sandra', maxLength: 100 },
        lastName: { type: 'string', title: 'Last name', default: 'Box', maxLength: 100 },
        audience: audienceField,
      },
    },
    async run({ email, firstName = 'Sandra', lastName = 'Box', audience = HOME }) {
      const members = new Members(desk.world);
      const address = email || `visitor${desk.world.at('members', audience).length + 1}@mail.example`;
      const before = members.find(audience, address);
      if (before && before['status'] === 'subscribed') throw new Rejected(`${address} is subscribed already.`);
      const at = desk.now();
      const doc = before ?? blankMember(audience, address, { at, webId: 700_000 + desk.world.all('members').length });
      const merge_fields = { ...(doc['merge_fields'] as object), FNAME: firstName, LNAME: lastName };
      const fields = { status: 'subscribed', merge_fields, full_name: `${firstName} ${lastName}`, timestamp_signup: at };
      const added = members.set(doc, { ...fields, source: 'Hosted Signup Form' }, at);
      desk.hooks.member('subscribe', added, 'user');
      return { message: `${address} subscribed.`, email: address, hash: String(added['id']) };
    },
  });

const changeMember = (desk: Desk) =>
  command({
    title: 'Somebody changes their profile',
    input: {
      type: 'object',
      properties: {
        ...oneMember.properties,
        firstName: { type: 'string', title: 'First name', default: 'Changed', maxLength: 100 },
      },
    },
    async run({ firstName = 'Changed', ...given }) {
      const doc = pick(desk, given);
      const merge_fields = { ...(doc['merge_fields'] as Record<string, unknown>), FNAME: firstName };
      const full_name = `${firstName} ${String((merge_fields as Record<string, unknown>)['LNAME'] ?? '')}`.trim();
      const changed = new Members(desk.world).set(doc, { merge_fields, full_name }, desk.now());
      desk.hooks.member('profile', changed, 'user');
      return { message: `${String(doc['email_address'])} is called ${firstName} now.`, email: doc['email_address'] };
    },
  });

const changeEmail = (desk: Desk) =>
  command({
    title: 'Somebody changes their address',
    input: {
      type: 'object',
      properties: {
        ...oneMember.properties,
        newEmail: { type: 'string', title: 'New address', format: 'email', default: 'moved@mail.example' },
      },
    },
    async run({ newEmail = 'moved@mail.example', ...given }) {
      const doc = pick(desk, given);
      const listId = String(doc['list_id']);
      const id = hashOf(newEmail);
      if (new Members(desk.world).find(listId, newEmail)) throw new Rejected(`${newEmail} is in the audience already.`);
      desk.world.remove('members', doc.key);
      const merge_fields = doc['merge_fields'];
      const moved = { ...doc, key: memberKey(listId, id), id, email_address: newEmail, merge_fields, last_changed: desk.now() };
      desk.world.put('members', moved);
      const data = { list_id: listId, new_id: id, new_email: newEmail, old_email: doc['email_address'] };
      desk.hooks.send({ listId, type: 'upemail', source: 'user', data });
      return { message: `${String(doc['email_address'])} is ${newEmail} now.`, email: newEmail, oldEmail: doc['email_address'] };
    },
  });

const leaving = (desk: Desk, what: { title: string; status: string; done: string; action: string }) =>
  command({
    title: what.title,
    input: oneMember,
    async run(given) {
      const doc = new Members(desk.world).set(pick(desk, given), { status: what.status }, desk.now());
      const source = what.action === 'unsub' ? 'user' : 'admin';
      desk.hooks.member('unsubscribe', doc, source, { action: what.action, reason: 'manual' });
      return { message: `${String(doc['email_address'])} ${what.done}.`, email: doc['email_address'] };
    },
  });

const cleanMember = (desk: Desk) =>
  command({
    title: 'An address bounces',
    description: 'It is cleaned from the audience.',
    input: oneMember,
    async run(given) {
      const doc = new Members(desk.world).set(pick(desk, given), { status: 'cleaned' }, desk.now());
      const data = { list_id: doc['list_id'], campaign_id: '4fjk2ma9xd', reason: 'hard', email: doc['email_address'] };
      desk.hooks.send({ listId: String(doc['list_id']), type: 'cleaned', source: 'admin', data });
      return { message: `${String(doc['email_address'])} was cleaned.`, email: doc['email_address'] };
    },
  });

const deleteMember = (desk: Desk) =>
  command({
    title: 'Delete a contact for good',
    description: 'In Mailchimp itself: no list of changes ever names it again, and no webhook tells.',
    input: oneMember,
    async run(given) {
      const doc = pick(desk, given);
      desk.world.remove('members', doc.key);
      desk.world.put('forgotten', { key: doc.key });
      return { message: `${String(doc['email_address'])} is gone for good.`, email: doc['email_address'] };
    },
  });

const tagMember = (desk: Desk) =>
  command({
    title: 'Tag a contact',
    description: 'No webhook tells of tags; the next sync brings them.',
    input: {
      type: 'object',
      properties: { ...oneMember.properties, tag: { type: 'string', title: 'Tag', default: 'vip', maxLength: 100 } },
    },
    async run({ tag = 'vip', ...given }) {
      const doc = new Members(desk.world).tag(pick(desk, given), [tag], { active: true, now: desk.now() });
      return {
        message: `${String(doc['email_address'])} is tagged ${tag}.`,
        email: doc['email_address'],
        audience: audienceOf(desk, given.audience).id,
      };
    },
  });

/** Changes contacts as their owners and the provider do. */
export function memberCommands(desk: Desk): Record<string, SandboxCommand> {
  return {
    addMember: addMember(desk),
    changeMember: changeMember(desk),
    changeEmail: changeEmail(desk),
    unsubscribeMember: leaving(desk, {
      title: 'Somebody unsubscribes',
      status: 'unsubscribed',
      done: 'unsubscribed',
      action: 'unsub',
    }),
    archiveMember: leaving(desk, { title: 'Archive a contact', status: 'archived', done: 'was archived', action: 'delete' }),
    cleanMember: cleanMember(desk),
    deleteMember: deleteMember(desk),
    tagMember: tagMember(desk),
  };
}
