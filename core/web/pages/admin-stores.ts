import type { Request, Response } from 'express';
import { hubError } from '../../sdk/errors.ts';
import { bodyText, param } from '../http/request.ts';
import type { Web } from '../services.ts';
import type { AdminStoresPage } from '../view-models/users-page.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { actorOf } from './admin-users.ts';
import { finish } from './outcome.ts';
import { showPage } from './page.ts';

const HERE = '/admin/stores';

/** `GET /admin/stores` */
export async function showAdminStores(web: Web, req: Request, res: Response): Promise<void> {
  await render(web, req, res);
}

/** `POST /admin/stores` */
export async function createStore(web: Web, req: Request, res: Response): Promise<void> {
  const input = { name: bodyText(req, 'name'), slug: bodyText(req, 'slug').trim() };
  try {
    const { id, slug, name } = await (input.slug ? web.stores.create(input) : web.stores.createNamed(input.name));
    await web.audit.record({ ...actorOf(req), storeId: id, action: 'store.create', target: id, detail: { name, slug } });
    await finish(req, res, HERE, async () => t('users.store.created', { store: name }));
  } catch (error) {
    const known = hubError(error);
    if (!known) throw error;
    await render(web, req, res, { ...input, error: said(known.message) });
  }
}

/** `POST /admin/stores/:id/name` */
export async function renameStore(web: Web, req: Request, res: Response): Promise<void> {
  await finish(req, res, HERE, async () => {
    const { id, name } = await web.stores.rename(param(req, 'id'), bodyText(req, 'name'));
    await web.audit.record({ ...actorOf(req), storeId: id, action: 'store.rename', target: id, detail: { name } });
    return t('users.store.renamed', { store: name });
  });
}

type Shown = Pick<AdminStoresPage, 'name' | 'slug' | 'error'>;

async function render(web: Web, req: Request, res: Response, shown: Shown = { name: '', slug: '', error: undefined }) {
  const model: AdminStoresPage = { stores: await web.stores.overview(), ...shown };
  const status = shown.error ? 422 : 200;
  await showPage(web, req, res, { name: 'admin-stores', title: t('users.storesTitle'), model, status });
}
