import { IsString, Length } from 'class-validator';
import { SCOPES } from '../../access/principal.ts';
import { NotFound } from '../../sdk/errors.ts';
import { pageIn } from '../http/cursor.ts';
import { IsName, Shape } from '../http/dto.ts';
import { param } from '../http/request.ts';
import { actorOf } from './people.ts';
import { PageQuery } from './query.ts';
import { type ApiRoute, type Call, created, NOTHING, ok, operator, type Reply } from './route.ts';
import { extended, listOf, moment, named, object, oneOfTexts, pageOf, text, uuid, whole } from './schema.ts';
import { API_KEY } from './schemas.ts';

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

const BARE_STORE = object({ id: uuid, slug: text, name: text });
const STORE_ROW = named('StoreOverview', extended(BARE_STORE, { createdAt: moment, members: whole, integrations: whole }));
const ANY_KEY = named(
  'ApiKeyOfAnyStore',
  extended(API_KEY, { store: object({ id: uuid, name: text }), scopes: listOf(oneOfTexts(SCOPES)) }),
);

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

const tag = 'Administration';

export const adminPeopleRoutes: readonly ApiRoute[] = [
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
