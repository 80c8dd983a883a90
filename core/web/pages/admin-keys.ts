import type { Request, Response } from 'express';
import { param } from '../http/request.ts';
import type { Web } from '../services.ts';
import { keyView } from '../view-models/keys-page.ts';
import { t } from '../words/texts.ts';
import { actorOf } from './admin-users.ts';
import { finish } from './outcome.ts';
import { showPage } from './page.ts';

/** `GET /admin/keys`: of all stores. */
export async function showAdminKeys(web: Web, req: Request, res: Response): Promise<void> {
  const model = { keys: (await web.apiKeys.listAll()).map(keyView) };
  await showPage(web, req, res, { name: 'admin-keys', title: t('users.keysTitle'), model });
}

/** `POST /admin/keys/:store/:key/revoke` */
export async function revokeAnyKey(web: Web, req: Request, res: Response): Promise<void> {
  const [storeId, target] = [param(req, 'store'), param(req, 'key')];
  await finish(req, res, '/admin/keys', async () => {
    await web.apiKeys.revoke(storeId, target);
    await web.audit.record({ ...actorOf(req), storeId, action: 'api-key.revoke', target });
    return t('apiKeys.revoked');
  });
}
