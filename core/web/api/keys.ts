import { ArrayNotEmpty, IsArray, IsIn, IsString } from 'class-validator';
import type { ApiKeyView } from '../../access/api-keys.ts';
import { SCOPES, type Scope } from '../../access/principal.ts';
import { NotFound, Rejected } from '../../sdk/errors.ts';
import { pageIn } from '../http/cursor.ts';
import { anyText, IfGiven, InQuery, IsName, Says } from '../http/dto.ts';
import { param } from '../http/request.ts';
import { PageQuery } from './query.ts';
import {
  type ApiRoute,
  at,
  byPassword,
  type Call,
  created,
  type InStore,
  NOTHING,
  ok,
  type Place,
  type Reply,
  type StoreCall,
} from './route.ts';
import { listOf, named, object, oneOfTexts, pageOf, text, uuid } from './schema.ts';
import { API_KEY, STORE } from './schemas.ts';

class NewApiKey {
  @IsName()
  name!: string;

  @Says('Id or slug; default: the caller’s first.')
  @IfGiven()
  @IsString()
  store?: string;

  @Says('Default: all the caller may have. Each includes the ones before it.')
  @IfGiven()
  @IsArray()
  @ArrayNotEmpty()
  @IsIn(SCOPES, { each: true })
  scopes?: Scope[];
}

class StoreQuery {
  @InQuery(anyText(), 'Id or slug; default: the caller’s first.')
  readonly store?: string;
}

class KeysQuery extends PageQuery {
  @InQuery(anyText(), 'Id or slug; default: the caller’s first.')
  readonly store?: string;
}

const keyStore: Place<InStore> = {
  byContent: true,
  async find({ web, principal, query }, need) {
    const named = (query as StoreQuery).store ?? principal.storeId ?? (await web.stores.list(principal))[0]?.id;
    if (!named) throw noStore();
    return { store: await web.stores.resolve(principal, named, need) };
  },
};

const NEW_KEY = named(
  'NewApiKeyAnswer',
  object({
    id: uuid,
    name: text,
    key: { ...text, description: 'Shown this once.' },
    store: STORE,
    scopes: listOf(oneOfTexts(SCOPES)),
  }),
);

async function createApiKey({ web, req, principal, body }: Call<NewApiKey>): Promise<Reply> {
  if (principal.kind === 'api-key') {
    throw new Rejected('An API key cannot make another; send your email and password (Basic) instead.', { code: 'FORBIDDEN' });
  }
  const store = body.store ? await web.stores.resolve(principal, body.store, 'view') : (await web.stores.list(principal))[0];
  if (!store) throw noStore();
  const { id, key, scopes } = await web.apiKeys.create({
    user: { id: principal.userId, operator: principal.operator },
    storeId: store.id,
    role: store.role,
    name: body.name,
    scopes: body.scopes,
  });
  const detail = { name: body.name, scopes };
  await web.audit.record({ storeId: store.id, principal, action: 'api-key.create', target: id, detail, ip: req.ip });
  return created({ id, name: body.name, key, store: { id: store.id, slug: store.slug, name: store.name }, scopes });
}

async function listApiKeys({ web, store, query }: StoreCall<unknown, KeysQuery>): Promise<Reply> {
  const { page, next } = pageIn(await web.apiKeys.list(store.id), query, ({ id }) => id);
  return ok({ apiKeys: page.map(shown), next });
}

async function revokeApiKey({ web, req, principal, store }: StoreCall): Promise<Reply> {
  const target = param(req, 'key');
  await web.apiKeys.revoke(store.id, target);
  await web.audit.record({ storeId: store.id, principal, action: 'api-key.revoke', target, ip: req.ip });
  return NOTHING;
}

function noStore(): NotFound {
  return new NotFound('You do not belong to a store yet; ask its owner to add you.');
}

function shown({ storeId: _, ...key }: ApiKeyView): object {
  return key;
}

const ofKeys = at(keyStore);

export const keyRoutes: readonly ApiRoute[] = [
  byPassword({
    on: 'POST /api/api-keys',
    tag: 'API keys',
    does: 'Make an API key',
    more: 'With email and password (Basic), or a session. The key is shown once. A login with a second factor makes its keys on the page.',
    body: NewApiKey,
    once: true,
    examples: { plain: { name: 'nightly export' }, 'read only': { name: 'dashboard', scopes: ['read'] } },
    answers: { 201: { says: 'The key, this once.', schema: NEW_KEY } },
    run: createApiKey,
  }),
  ofKeys({
    on: 'GET /api/api-keys',
    tag: 'API keys',
    does: 'List the keys of a store',
    need: 'manage',
    query: KeysQuery,
    answers: { 200: { says: 'Newest first, without the keys themselves.', schema: pageOf('apiKeys', API_KEY) } },
    run: listApiKeys,
  }),
  ofKeys({
    on: 'DELETE /api/api-keys/:key',
    tag: 'API keys',
    does: 'Revoke a key',
    need: 'manage',
    query: StoreQuery,
    answers: { 204: { says: 'It opens nothing any more.' } },
    run: revokeApiKey,
  }),
];
