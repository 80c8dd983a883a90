import type { Paging } from '../../database/list-page.ts';
import type { Deletion } from '../../privacy/deletion-store.ts';
import type { StoreExport } from '../../privacy/export-store.ts';
import { NotFound } from '../../sdk/errors.ts';
import { sendArchive } from '../export-archive.ts';
import { cursorOf, positionOf } from '../http/cursor.ts';
import { param } from '../http/request.ts';
import type { Web } from '../services.ts';
import { inStore } from './place.ts';
import { DELETION, DeletionBody, EXPORT, RETENTION, RetentionBody } from './privacy-schemas.ts';
import { PageQuery } from './query.ts';
import { type ApiRoute, accepted, at, type Call, ok, operator, type Reply, type StoreCall } from './route.ts';
import { pageOf } from './schema.ts';

function exportJson({ storeId: _, ...made }: StoreExport): object {
  return made;
}

function deletionJson(web: Web, deletion: Deletion): object {
  const { id, subject, slug, name, farewells, userId: _, kid: __, mac: ___, ...rest } = deletion;
  const proven = web.deletions.isProven(deletion) ?? null;
  return { id, store: { id: subject, slug, name }, integrations: farewells, ...rest, proven };
}

function pagingOf({ limit, cursor }: PageQuery): Paging {
  return { limit, after: positionOf(cursor) };
}

async function setRetention({ web, req, principal, store, body }: StoreCall<RetentionBody>): Promise<Reply> {
  return ok(await web.retentions.set(store.id, body, { principal, ip: req.ip }));
}

async function beginExport({ web, req, principal, store }: StoreCall): Promise<Reply> {
  return accepted(exportJson(await web.exports.begin(store.id, { principal, ip: req.ip })));
}

async function listExports({ web, store, query }: StoreCall<unknown, PageQuery>): Promise<Reply> {
  const { exports, next } = await web.exports.page(store.id, pagingOf(query));
  return ok({ exports: exports.map(exportJson), next: cursorOf(next) });
}

async function cancelExport({ web, req, principal, store }: StoreCall): Promise<Reply> {
  return accepted(exportJson(await web.exports.cancel(store.id, param(req, 'export'), { principal, ip: req.ip })));
}

async function download({ web, req, res, principal, store }: StoreCall): Promise<undefined> {
  await sendArchive(res, await web.exports.open(store.id, param(req, 'export'), { principal, ip: req.ip }), store);
}

async function deleteStore({ web, req, principal, body }: Call<DeletionBody>): Promise<Reply> {
  const named = param(req, 'store');
  const { userId, operator: everywhere } = principal;
  const store = (await web.stores.list({ userId, operator: everywhere })).find(({ id, slug }) => id === named || slug === named);
  if (!store) throw new NotFound(`There is no store "${named.slice(0, 60)}".`);
  return accepted(deletionJson(web, await web.deletions.begin({ store, typed: body.slug, principal, ip: req.ip })));
}

async function listDeletions({ web, query }: Call<unknown, PageQuery>): Promise<Reply> {
  const { deletions, next } = await web.deletions.page(pagingOf(query));
  return ok({ deletions: deletions.map((one) => deletionJson(web, one)), next: cursorOf(next) });
}

const BASE = '/api/stores/:store';
const tag = 'Privacy';
const here = at(inStore);

export const privacyRoutes: readonly ApiRoute[] = [
  here({
    on: `GET ${BASE}/retention`,
    tag,
    does: 'Read how long what is kept',
    answers: { 200: { says: 'In days.', schema: RETENTION } },
    run: async ({ web, store }) => ok(await web.retentions.of(store.id)),
  }),
  here({
    on: `PATCH ${BASE}/retention`,
    tag,
    does: 'Change how long what is kept',
    more: 'What is older is removed for good in the following night, in each store by its own choice; the audit log then says how much.',
    need: 'manage',
    body: RetentionBody,
    examples: { 'messages for a fortnight': { messages: 14 } },
    answers: { 200: { says: 'As it is now.', schema: RETENTION } },
    run: setRetention,
  }),
  here({
    on: `POST ${BASE}/exports`,
    tag,
    does: 'Export a store',
    more: 'All it holds as it is at one moment, without any secret: a tar.gz of JSON Lines files and a manifest with counts and hashes. In the background; the archive is kept for 24 hours.',
    need: 'manage',
    once: true,
    problems: ['CONFLICT'],
    answers: { 202: { says: 'It is queued.', schema: EXPORT } },
    run: beginExport,
  }),
  here({
    on: `GET ${BASE}/exports`,
    tag,
    does: 'List its exports',
    need: 'manage',
    query: PageQuery,
    answers: { 200: { says: 'Latest first.', schema: pageOf('exports', EXPORT) } },
    run: listExports,
  }),
  here({
    on: `GET ${BASE}/exports/:export`,
    tag,
    does: 'See how far an export is',
    need: 'manage',
    answers: { 200: { says: 'How far it is, or how it ended.', schema: EXPORT } },
    run: async ({ web, req, store }) => ok(exportJson(await web.exports.get(store.id, param(req, 'export')))),
  }),
  here({
    on: `GET ${BASE}/exports/:export/archive`,
    tag,
    does: 'Download an export',
    need: 'manage',
    problems: ['CONFLICT'],
    answers: {
      200: { says: 'The archive.', schema: { type: 'string', format: 'binary' }, type: 'application/gzip' },
    },
    run: download,
  }),
  here({
    on: `POST ${BASE}/exports/:export/cancel`,
    tag,
    does: 'Cancel an export',
    need: 'manage',
    once: true,
    problems: ['CONFLICT'],
    answers: { 202: { says: 'As it is now.', schema: EXPORT } },
    run: cancelExport,
  }),
  operator({
    on: 'DELETE /api/admin/stores/:store',
    tag,
    does: 'Delete a store for good',
    more: 'Its integrations are disconnected at their providers, then everything is removed, and a signed proof is kept. In the background.',
    body: DeletionBody,
    examples: { 'the store "gone"': { slug: 'gone' } },
    problems: ['CONFLICT'],
    answers: { 202: { says: 'It is closed to everybody, and being removed.', schema: DELETION } },
    run: deleteStore,
  }),
  operator({
    on: 'GET /api/admin/store-deletions',
    tag,
    does: 'List deleted stores',
    query: PageQuery,
    answers: { 200: { says: 'Latest first, with their proofs.', schema: pageOf('deletions', DELETION) } },
    run: listDeletions,
  }),
  operator({
    on: 'GET /api/admin/store-deletions/:deletion',
    tag,
    does: 'See how far a deletion is, and its proof',
    answers: { 200: { says: 'What was removed.', schema: DELETION } },
    run: async ({ web, req, principal }) => ok(deletionJson(web, await web.deletions.get(param(req, 'deletion'), principal))),
  }),
];
