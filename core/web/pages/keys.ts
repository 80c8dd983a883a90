import type { Request, Response } from 'express';
import { type Scope, scopesOf } from '../../access/principal.ts';
import { hubError, Rejected } from '../../sdk/errors.ts';
import { bodyText, param } from '../http/request.ts';
import type { Web } from '../services.ts';
import { type KeysPage, keyView } from '../view-models/keys-page.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { storePlace } from './context.ts';
import { finish } from './outcome.ts';
import { showPage } from './page.ts';

type Shown = Partial<Pick<KeysPage, 'made' | 'name' | 'error'>> & { readonly status?: number };

/** `GET /keys`: the API keys of the store. */
export async function showKeys(web: Web, req: Request, res: Response): Promise<void> {
  await render(web, req, res);
}

/** `POST /keys`: the key is shown this once. */
export async function makeKey(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal } = await storePlace(web, req, 'manage');
  const body = req.body as Record<string, unknown>;
  const name = bodyText(req, 'name').trim();
  try {
    if (name.length < 1 || name.length > 100) throw new Rejected(t('apiKeys.nameFault'));
    const user = { id: principal.userId, operator: principal.operator };
    const scopes = [body['scope']].filter((scope): scope is Scope => typeof scope === 'string');
    const { id, key } = await web.apiKeys.create({ user, storeId: store.id, role: store.role, name, scopes });
    const detail = { name, scopes };
    await web.audit.record({ storeId: store.id, principal, action: 'api-key.create', target: id, detail, ip: req.ip });
    await render(web, req, res, { made: { name, key } });
  } catch (error) {
    const known = hubError(error);
    if (!known) throw error;
    await render(web, req, res, { name, error: said(known.message), status: 422 });
  }
}

/** `POST /keys/:key/revoke` */
export async function revokeKey(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal } = await storePlace(web, req, 'manage');
  await finish(req, res, '/keys', async () => {
    const target = param(req, 'key');
    await web.apiKeys.revoke(store.id, target);
    await web.audit.record({ storeId: store.id, principal, action: 'api-key.revoke', target, ip: req.ip });
    return t('apiKeys.revoked');
  });
}

async function render(web: Web, req: Request, res: Response, { status = 200, ...shown }: Shown = {}): Promise<void> {
  const { store, principal } = await storePlace(web, req, 'manage');
  const keys = await web.apiKeys.list(store.id);
  const model: KeysPage = {
    ...{ made: undefined, name: '', error: undefined, ...shown },
    store: store.name,
    scopes: scopesOf(store.role, principal.operator).map((scope) => ({ value: scope, text: t(`apiKeys.scope.${scope}`) })),
    keys: keys.filter(({ revokedAt }) => !revokedAt).map(keyView),
  };
  await showPage(web, req, res, { name: 'keys', title: t('apiKeys.title'), model, store, status });
}
