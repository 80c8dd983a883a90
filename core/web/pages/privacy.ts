import type { Request, Response } from 'express';
import { KINDS, type Retention } from '../../privacy/retention-store.ts';
import { Rejected } from '../../sdk/errors.ts';
import { sendArchive } from '../export-archive.ts';
import { principalOf } from '../http/guard.ts';
import { bodyText, localPath, param } from '../http/request.ts';
import type { Route } from '../http/route.ts';
import type { Web } from '../services.ts';
import { adminDeletionsPage, privacyPage, storeDeletionPage } from '../view-models/privacy-page.ts';
import { t } from '../words/texts.ts';
import { storePlace } from './context.ts';
import { finish } from './outcome.ts';
import { showPage } from './page.ts';
import { pagerOf, pagingOf } from './pager.ts';

const HERE = '/privacy';
const EXPORTS_A_PAGE = 10;
const DELETIONS_A_PAGE = 50;

/** How long what is kept; for owners also the way to take all of it away, and to delete it. */
async function showPrivacy(web: Web, req: Request, res: Response): Promise<void> {
  const { store, viewer } = await storePlace(web, req, 'view');
  const canManage = viewer.manage;
  const paging = pagingOf(req, EXPORTS_A_PAGE);
  const [days, { exports, next }] = await Promise.all([
    web.retentions.of(store.id),
    canManage ? web.exports.page(store.id, paging) : { exports: [], next: undefined },
  ]);
  const pager = pagerOf(`${HERE}#export`, paging, next);
  const model = { ...privacyPage({ store, canManage, days, exports, now: new Date() }), ...pager };
  const refresh = model.busy ? 3 : undefined;
  await showPage(web, req, res, { name: 'privacy', title: t('privacy.title'), model, store, refresh });
}

async function saveRetention(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal } = await storePlace(web, req, 'manage');
  const body = (req.body ?? {}) as Record<string, unknown>;
  await finish(req, res, localPath(body['_back']) ?? HERE, async () => {
    const given = KINDS.filter((kind) => body[kind] !== undefined).map((kind) => [kind, wholeOf(body[kind])]);
    await web.retentions.set(store.id, Object.fromEntries(given) as Partial<Retention>, { principal, ip: req.ip });
    return t('privacy.saved');
  });
}

async function beginExport(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal } = await storePlace(web, req, 'manage');
  await finish(req, res, `${HERE}#export`, async () => {
    await web.exports.begin(store.id, { principal, ip: req.ip });
    return t('privacy.exportBegun');
  });
}

async function cancelExport(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal } = await storePlace(web, req, 'manage');
  const { id } = await web.exports.get(store.id, param(req, 'export'));
  await finish(req, res, `${HERE}#export`, async () => {
    await web.exports.cancel(store.id, id, { principal, ip: req.ip });
    return t('privacy.exportCancelled');
  });
}

async function downloadExport(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal } = await storePlace(web, req, 'manage');
  await sendArchive(res, await web.exports.open(store.id, param(req, 'export'), { principal, ip: req.ip }), store);
}

async function deleteStore(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal } = await storePlace(web, req, 'manage');
  let next = `${HERE}#delete`;
  try {
    const typed = bodyText(req, 'slug');
    next = `${HERE}/deletions/${(await web.deletions.begin({ store, typed, principal, ip: req.ip })).id}`;
    delete req.session.storeId;
    res.redirect(303, next);
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    await finish(req, res, next, () => Promise.reject(error));
  }
}

/** For who asked for it, and for operators. */
async function showDeletion(web: Web, req: Request, res: Response): Promise<void> {
  const deletion = await web.deletions.get(param(req, 'deletion'), principalOf(req));
  const model = storeDeletionPage(deletion, web.deletions.isProven(deletion));
  const refresh = model.done ? undefined : 3;
  await showPage(web, req, res, {
    name: 'store-deletion',
    title: t('privacy.deletedTitle', { name: deletion.name }),
    model,
    refresh,
  });
}

/** The proof and its signature, as a file. */
async function downloadProof(web: Web, req: Request, res: Response): Promise<void> {
  const { slug, proof, sha256, kid, mac } = await web.deletions.get(param(req, 'deletion'), principalOf(req));
  if (proof === null) throw new Rejected(t('privacy.noProof'), { code: 'CONFLICT' });
  res.set({
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': `attachment; filename="deletion-${slug}.json"`,
    'cache-control': 'no-store',
  });
  res.send(`${JSON.stringify({ proof, sha256, signature: { algorithm: 'HMAC-SHA256', kid, mac } }, null, 2)}\n`);
}

async function showAdminDeletions(web: Web, req: Request, res: Response): Promise<void> {
  const paging = pagingOf(req, DELETIONS_A_PAGE);
  const { deletions, next } = await web.deletions.page(paging);
  const model = { ...adminDeletionsPage(deletions), ...pagerOf('/admin/deletions', paging, next) };
  await showPage(web, req, res, { name: 'admin-deletions', title: t('admin.deletions'), model });
}

/** What is no whole number is refused with the bounds. */
function wholeOf(value: unknown): number {
  return typeof value === 'string' && /^\d{1,5}$/.test(value.trim()) ? Number(value) : Number.NaN;
}

export const privacyPages: readonly Route[] = [
  { on: 'GET /privacy', who: 'signed-in', run: showPrivacy },
  { on: 'POST /privacy/retention', who: 'signed-in', run: saveRetention },
  { on: 'POST /privacy/exports', who: 'signed-in', run: beginExport },
  { on: 'POST /privacy/exports/:export/cancel', who: 'signed-in', run: cancelExport },
  { on: 'GET /privacy/exports/:export/archive', who: 'signed-in', run: downloadExport },
  { on: 'POST /privacy/delete', who: 'signed-in', run: deleteStore },
  { on: 'GET /privacy/deletions/:deletion', who: 'signed-in', run: showDeletion },
  { on: 'GET /privacy/deletions/:deletion/proof', who: 'signed-in', run: downloadProof },
  { on: 'GET /admin/deletions', who: 'operator', run: showAdminDeletions },
];
