import { IsEmail, IsIn, MaxLength } from 'class-validator';
import type { Invitation } from '../../access/invitation-store.ts';
import type { MemberRow } from '../../access/membership-store.ts';
import { ROLES, type Role } from '../../access/principal.ts';
import { pageIn } from '../http/cursor.ts';
import { Says } from '../http/dto.ts';
import { param } from '../http/request.ts';
import { inStore } from './place.ts';
import { PageQuery } from './query.ts';
import { type ApiRoute, at, type Call, created, NOTHING, ok, type Reply, type StoreCall } from './route.ts';
import { bool, extended, moment, named, object, oneOfTexts, orNull, pageOf, text, url, uuid } from './schema.ts';

class ChangeMember {
  @IsIn(ROLES)
  role!: Role;
}

class NewInvitation {
  @IsEmail()
  @MaxLength(254)
  email!: string;

  @Says('With an API key `staff` only: owners are made by somebody who is signed in.')
  @IsIn(ROLES)
  role!: Role;
}

const MEMBER = named(
  'Member',
  object({
    user: uuid,
    email: text,
    role: oneOfTexts(ROLES),
    secondFactor: bool,
    disabled: bool,
    joinedAt: moment,
    lastLoginAt: orNull(moment),
  }),
);

const INVITATION = named(
  'Invitation',
  object({
    id: uuid,
    email: text,
    role: oneOfTexts(ROLES),
    inviter: { ...text, description: 'By address.' },
    expired: bool,
    createdAt: moment,
    expiresAt: moment,
  }),
);

const INVITED = named(
  'NewInvitationAnswer',
  extended(INVITATION, { url: { ...url, description: 'Shown this once, and mailed where the hub sends mail. It works once.' } }),
);

async function listMembers({ web, store, query }: StoreCall<unknown, PageQuery>): Promise<Reply> {
  const { page, next } = pageIn((await web.members.list(store.id)).map(memberJson), query, ({ user }) => user);
  return ok({ members: page, next });
}

async function changeMember({ web, req, store, body, ...call }: StoreCall<ChangeMember>): Promise<Reply> {
  const user = param(req, 'user');
  await web.members.setRole(store, user, body.role, actorOf({ req, ...call }));
  const member = (await web.members.list(store.id)).find(({ userId }) => userId === user);
  return ok(member && memberJson(member));
}

async function removeMember({ web, req, store, ...call }: StoreCall): Promise<Reply> {
  await web.members.remove(store, param(req, 'user'), actorOf({ req, ...call }));
  return NOTHING;
}

async function listInvitations({ web, store, query }: StoreCall<unknown, PageQuery>): Promise<Reply> {
  const { page, next } = pageIn(await web.invitations.open(store), query, ({ id }) => id);
  return ok({ invitations: page.map(invitationJson), next });
}

async function invite({ web, store, body, ...call }: StoreCall<NewInvitation>): Promise<Reply> {
  const { invitation, url: link } = await web.invitations.invite(store, body, actorOf(call));
  return created({ ...invitationJson(invitation), url: link });
}

async function resend({ web, req, store, ...call }: StoreCall): Promise<Reply> {
  const { invitation, url: link } = await web.invitations.resend(store, param(req, 'invitation'), actorOf({ req, ...call }));
  return ok({ ...invitationJson(invitation), url: link });
}

async function revoke({ web, req, store, ...call }: StoreCall): Promise<Reply> {
  await web.invitations.revoke(store, param(req, 'invitation'), actorOf({ req, ...call }));
  return NOTHING;
}

export function actorOf({ principal, req }: Pick<Call, 'principal' | 'req'>) {
  return { principal, ip: req.ip };
}

function memberJson({ userId: user, email, role, secondFactor, disabled, joinedAt, lastLoginAt }: MemberRow) {
  return { user, email, role, secondFactor, disabled, joinedAt, lastLoginAt };
}

function invitationJson({ id, email, role, inviter, expired, createdAt, expiresAt }: Invitation) {
  return { id, email, role, inviter, expired, createdAt, expiresAt };
}

const BASE = '/api/stores/:store';
const tag = 'People';
const here = at(inStore);

export const peopleRoutes: readonly ApiRoute[] = [
  here({
    on: `GET ${BASE}/members`,
    tag,
    does: 'List who belongs to a store',
    query: PageQuery,
    answers: { 200: { says: 'By address.', schema: pageOf('members', MEMBER) } },
    run: listMembers,
  }),
  here({
    on: `PATCH ${BASE}/members/:user`,
    tag,
    does: 'Change a role',
    more: 'Never the last owner’s. Who is or becomes an owner is changed by somebody who is signed in, not by a key.',
    need: 'manage',
    body: ChangeMember,
    problems: ['CONFLICT'],
    examples: { plain: { role: 'staff' } },
    answers: { 200: { says: 'The member.', schema: MEMBER } },
    run: changeMember,
  }),
  here({
    on: `DELETE ${BASE}/members/:user`,
    tag,
    does: 'Remove somebody from a store',
    more: 'Never the last owner; owners only by somebody who is signed in.',
    need: 'manage',
    problems: ['CONFLICT'],
    answers: { 204: { says: 'They, and the API keys they made, open nothing of this store any more.' } },
    run: removeMember,
  }),
  here({
    on: `GET ${BASE}/invitations`,
    tag,
    does: 'List open invitations',
    need: 'manage',
    query: PageQuery,
    answers: { 200: { says: 'Newest first.', schema: pageOf('invitations', INVITATION) } },
    run: listInvitations,
  }),
  here({
    on: `POST ${BASE}/invitations`,
    tag,
    does: 'Invite somebody',
    more: 'For seven days. An open invitation of the same address ends.',
    need: 'manage',
    body: NewInvitation,
    once: true,
    problems: ['CONFLICT'],
    examples: { plain: { email: 'ana@example.com', role: 'staff' } },
    answers: { 201: { says: 'The invitation with its link.', schema: INVITED } },
    run: invite,
  }),
  here({
    on: `POST ${BASE}/invitations/:invitation/resend`,
    tag,
    does: 'Make a new link for an invitation',
    more: 'The link before ends; its seven days begin anew.',
    need: 'manage',
    answers: { 200: { says: 'The invitation with its link.', schema: INVITED } },
    run: resend,
  }),
  here({
    on: `DELETE ${BASE}/invitations/:invitation`,
    tag,
    does: 'Take an invitation back',
    need: 'manage',
    answers: { 204: { says: 'Its link opens nothing any more.' } },
    run: revoke,
  }),
];
