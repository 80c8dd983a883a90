import { IsBoolean } from 'class-validator';
import type { User } from '../../access/accounts.ts';
import { Rejected } from '../../sdk/errors.ts';
import { anyText, InQuery } from '../http/dto.ts';
import { param } from '../http/request.ts';
import { actorOf } from './people.ts';
import { PageQuery } from './query.ts';
import { type ApiRoute, type Call, NOTHING, ok, operator, type Reply } from './route.ts';
import { bool, moment, named, object, orNull, pageOf, text, uuid } from './schema.ts';

class UsersQuery extends PageQuery {
  @InQuery(anyText(), 'A part of the address.')
  readonly search?: string;
}

class ChangeUser {
  @IsBoolean()
  disabled!: boolean;
}

const USER = named(
  'User',
  object({
    id: uuid,
    email: text,
    operator: bool,
    secondFactor: bool,
    disabledAt: orNull(moment),
    createdAt: moment,
    lastLoginAt: orNull(moment),
  }),
);

async function listUsers({ web, query }: Call<unknown, UsersQuery>): Promise<Reply> {
  const { limit, cursor, search } = query;
  const users = await web.userAdmin.list({ search, after: addressIn(cursor), limit: limit + 1 });
  const page = users.slice(0, limit);
  const last = users.length > limit ? page.at(-1) : undefined;
  return ok({ users: page.map(userJson), next: last ? Buffer.from(JSON.stringify([last.email])).toString('base64url') : null });
}

async function changeUser({ web, body, ...call }: Call<ChangeUser>): Promise<Reply> {
  return ok(userJson(await web.userAdmin.setDisabled(param(call.req, 'user'), body.disabled, actorOf(call))));
}

function userJson({ id, email, operator, secondFactor, disabledAt, createdAt, lastLoginAt }: User) {
  return { id, email, operator, secondFactor, disabledAt, createdAt, lastLoginAt };
}

/** @throws Rejected for what is no cursor of such a list */
function addressIn(cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parts) && typeof parts[0] === 'string' && !parts[0].includes('\0') && parts.length === 1) return parts[0];
  } catch {
    // Falls through to the sentence below.
  }
  const message = 'The cursor is not one of this list; begin without it.';
  throw new Rejected(message, { fields: [{ pointer: '/query/cursor', message }] });
}

const tag = 'Administration';

export const userRoutes: readonly ApiRoute[] = [
  operator({
    on: 'GET /api/admin/users',
    tag,
    does: 'List users',
    query: UsersQuery,
    answers: { 200: { says: 'By address.', schema: pageOf('users', USER) } },
    run: listUsers,
  }),
  operator({
    on: 'GET /api/admin/users/:user',
    tag,
    does: 'Read a user',
    answers: { 200: { says: 'The user.', schema: USER } },
    run: async ({ web, req }) => ok(userJson(await web.userAdmin.get(param(req, 'user')))),
  }),
  operator({
    on: 'PATCH /api/admin/users/:user',
    tag,
    does: 'Disable a user, or let them in again',
    more: 'Disabled: logged out everywhere, and their API keys open nothing. Operators, links for a new password and second factors are seen to on the pages, by somebody who is signed in.',
    body: ChangeUser,
    problems: ['CONFLICT'],
    examples: { plain: { disabled: false } },
    answers: { 200: { says: 'The user.', schema: USER } },
    run: changeUser,
  }),
  operator({
    on: 'POST /api/admin/users/:user/end-sessions',
    tag,
    does: 'Log a user out everywhere',
    answers: { 204: { says: 'They have to log in again.' } },
    run: async ({ web, ...call }) => {
      await web.userAdmin.endSessions(param(call.req, 'user'), actorOf(call));
      return NOTHING;
    },
  }),
];
