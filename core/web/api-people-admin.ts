import { IsBoolean, IsString, Length } from 'class-validator';
import type { User } from '../access/accounts.ts';
import { SCOPES } from '../access/principal.ts';
import { NotFound, Rejected } from '../sdk/errors.ts';
import { pageIn } from './api-page.ts';
import { actorOf } from './api-people.ts';
import { PageQuery } from './api-query.ts';
import { type ApiRoute, type Call, created, NOTHING, ok, operator, type Reply } from './api-route.ts';
import { bool, extended, listOf, moment, named, object, oneOfTexts, orNull, pageOf, text, uuid, whole } from './api-schema.ts';
import { API_KEY } from './api-schemas.ts';
import { anyText, InQuery, IsName, Shape } from './dto.ts';
import { param } from './request.ts';

class UsersQuery extends PageQuery {
  @InQuery(anyText(), 'A part of the address.')
  readonly search?: string;
}

class ChangeUser {
  @IsBoolean()
  disabled!: boolean;
}

class NewStore {
  @Shape({ pattern: '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$' })
  @IsString()
  @Length(1, 63)
  slug!: string;

  @IsName()
  name!: string;
}

class StoreName {
  @IsName()
  name!: string;
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
const BARE_STORE = object({ id: uuid, slug: text, name: text });
const STORE_ROW = named('StoreOverview', extended(BARE_STORE, { createdAt: moment, members: whole, integrations: whole }));
const ANY_KEY = named(
  'ApiKeyOfAnyStore',
  extended(API_KEY, { store: object({ id: uuid, name: text }), scopes: listOf(oneOfTexts(SCOPES)) }),
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

async function listStores({ web, query }: Call<unknown, PageQuery>): Promise<Reply> {
  const { page, next } = pageIn(await web.stores.overview(), query, ({ id }) => id);
  return ok({ stores: page, next });
}

async function makeStore({ web, body: { slug, name }, ...call }: Call<NewStore>): Promise<Reply> {
  const store = await web.stores.create({ slug, name });
  const entry = { ...actorOf(call), storeId: store.id, action: 'store.create', target: store.id, detail: { slug, name } };
  await web.audit.record(entry);
  return created(store);
}

async function renameStore({ web, body: { name }, ...call }: Call<StoreName>): Promise<Reply> {
  const named = param(call.req, 'store');
  const known = (await web.stores.overview()).find(({ id, slug }) => id === named || slug === named);
  if (!known) throw new NotFound(`There is no store "${named.slice(0, 60)}"; check its id or slug.`);
  const store = await web.stores.rename(known.id, name);
  const entry = { ...actorOf(call), storeId: store.id, action: 'store.rename', target: store.id, detail: { name } };
  await web.audit.record(entry);
  return ok(store);
}

async function listKeys({ web, query }: Call<unknown, PageQuery>): Promise<Reply> {
  const { page, next } = pageIn(await web.apiKeys.listAll(), query, ({ id }) => id);
  const shown = page.map(({ storeId, storeName, ...key }) => ({ ...key, store: { id: storeId, name: storeName } }));
  return ok({ apiKeys: shown, next });
}

async function revokeKey({ web, ...call }: Call): Promise<Reply> {
  const target = param(call.req, 'key');
  const storeId = (await web.apiKeys.listAll()).find(({ id }) => id === target)?.storeId ?? '';
  await web.apiKeys.revoke(storeId, target);
  await web.audit.record({ ...actorOf(call), storeId, action: 'api-key.revoke', target });
  return NOTHING;
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

export const adminPeopleRoutes: readonly ApiRoute[] = [
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
  operator({
    on: 'GET /api/admin/stores',
    tag,
    does: 'List stores',
    query: PageQuery,
    answers: { 200: { says: 'By slug.', schema: pageOf('stores', STORE_ROW) } },
    run: listStores,
  }),
  operator({
    on: 'POST /api/admin/stores',
    tag,
    does: 'Make a store',
    body: NewStore,
    once: true,
    problems: ['CONFLICT'],
    examples: { plain: { slug: 'harbour', name: 'Harbour Dental' } },
    answers: { 201: { says: 'The store; nobody belongs to it yet.', schema: BARE_STORE } },
    run: makeStore,
  }),
  operator({
    on: 'PATCH /api/admin/stores/:store',
    tag,
    does: 'Rename a store',
    more: 'Its slug stays.',
    body: StoreName,
    examples: { plain: { name: 'Main street' } },
    answers: { 200: { says: 'The store.', schema: BARE_STORE } },
    run: renameStore,
  }),
  operator({
    on: 'GET /api/admin/api-keys',
    tag,
    does: 'List the keys of all stores',
    query: PageQuery,
    answers: { 200: { says: 'Those in use, newest first.', schema: pageOf('apiKeys', ANY_KEY) } },
    run: listKeys,
  }),
  operator({
    on: 'DELETE /api/admin/api-keys/:key',
    tag,
    does: 'Revoke a key of any store',
    answers: { 204: { says: 'It opens nothing any more.' } },
    run: revokeKey,
  }),
];
