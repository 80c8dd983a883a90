import type { Request, Response } from 'express';
import { knownPrincipal, principalOf } from '../http/guard.ts';
import { bodyText, localPath } from '../http/request.ts';
import { saveSession } from '../http/session.ts';
import type { Web } from '../services.ts';
import { t } from '../words/texts.ts';
import { homeOf } from './dashboard.ts';
import { currentStore, showPage } from './page.ts';

/** `GET /` leads on to where there is something to do. */
export async function start(web: Web, req: Request, res: Response): Promise<void> {
  const person = knownPrincipal(req);
  res.redirect(303, person ? await homeOf(web, req, person) : '/login');
}

export async function showStores(web: Web, req: Request, res: Response): Promise<void> {
  const current = await currentStore(web, req);
  const stores = (await web.stores.list(principalOf(req))).map(({ id, slug, name, role }) => ({
    slug,
    name,
    role,
    current: id === current?.id,
  }));
  const model = { stores, next: localPath(req.query['next']) ?? '/integrations' };
  await showPage(web, req, res, { name: 'stores', title: t('stores.title'), model, store: current });
}

export async function switchStore(web: Web, req: Request, res: Response): Promise<void> {
  const { id } = await web.stores.resolve(principalOf(req), bodyText(req, 'store'), 'view');
  req.session.storeId = id;
  await saveSession(req);
  res.redirect(303, localPath(bodyText(req, 'next')) ?? '/integrations');
}
