import type { Request, Response } from 'express';
import { hubError } from '../../sdk/errors.ts';
import { bodyText, queryText } from '../http/request.ts';
import { rememberDevice, startSession } from '../http/session.ts';
import type { Web } from '../services.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { showPage } from './page.ts';

export async function showSetup(web: Web, req: Request, res: Response): Promise<void> {
  const token = queryText(req, 'token') ?? '';
  const valid = web.setupLink.valid(token);
  await showForm(web, req, res, { token, email: '', storeName: '', errors: valid ? {} : { token: t('setup.badLink') } });
}

export async function setUp(web: Web, req: Request, res: Response): Promise<void> {
  const [token, email] = [bodyText(req, 'token'), bodyText(req, 'email')];
  const [password, storeName] = [bodyText(req, 'password'), bodyText(req, 'storeName')];
  try {
    const { user, storeId } = await web.setupLink.claim(token, { email, password, storeName, storeSlug: 'default' });
    await startSession(req, user, storeId);
    rememberDevice(web.config, req, user.email);
    await web.accounts.loggedIn(user.id);
    await web.audit.record({ storeId, actor: user.email, action: 'hub.setup', target: user.id, ip: req.ip });
    res.redirect(303, '/integrations');
  } catch (error) {
    const errors = faultsOf(error);
    if (!errors) throw error;
    await showForm(web, req, res, { token, email, storeName, errors });
  }
}

function faultsOf(error: unknown): Record<string, string> | undefined {
  const known = hubError(error);
  if (known?.code === 'FORBIDDEN' || known?.code === 'CONFLICT') return { token: said(known.message) };
  if (known?.code !== 'VALIDATION_FAILED' || !known.fields) return undefined;
  return Object.fromEntries(known.fields.map(({ pointer, message }) => [pointer.slice(1), said(message)]));
}

interface Form {
  readonly token: string;
  readonly email: string;
  readonly storeName: string;
  readonly errors: Readonly<Record<string, string>>;
}

function showForm(web: Web, req: Request, res: Response, model: Form): Promise<void> {
  const { errors } = model;
  const status = errors['token'] ? 403 : Object.keys(errors).length > 0 ? 422 : 200;
  return showPage(web, req, res, { name: 'setup', title: t('setup.title'), model, status });
}
