import type { Request, Response } from 'express';
import { hubError } from '../sdk/errors.ts';
import { knownPrincipal } from './guard.ts';
import { showPage } from './page.ts';
import { localPath } from './request.ts';
import type { Web } from './services.ts';
import { endSession, startSession } from './session.ts';
import { t } from './texts.ts';

const HOME = '/integrations';

export async function showLogin(web: Web, req: Request, res: Response): Promise<void> {
  const next = localPath(req.query['next']) ?? HOME;
  if (knownPrincipal(req)) return res.redirect(303, next);
  const lost = req.query['lost'] === '1';
  await showForm(web, req, res, { email: '', next, status: 200, lost });
}

export async function logIn(web: Web, req: Request, res: Response): Promise<void> {
  const body = req.body as Record<string, unknown>;
  const [email, password] = [textOf(body['email']), textOf(body['password'])];
  const next = localPath(body['next']) ?? HOME;
  try {
    const user = await web.throttle.guard({ email, ip: req.ip ?? '' }, () => web.accounts.verifyPassword(email, password));
    if (!user) return await showForm(web, req, res, { email, next, status: 401, error: t('login.wrong') });
    await startSession(req, user);
    await web.audit.record({ actor: user.email, action: 'user.login', target: user.id, ip: req.ip });
    res.redirect(303, next);
  } catch (error) {
    const known = hubError(error);
    if (known?.code !== 'RATE_LIMIT_EXCEEDED') throw error;
    res.set('retry-after', String(known.afterSeconds));
    await showForm(web, req, res, { email, next, status: 429, error: known.message });
  }
}

export async function logOut(_web: Web, req: Request, res: Response): Promise<void> {
  await endSession(req);
  res.redirect(303, '/login');
}

interface Form {
  readonly email: string;
  readonly next: string;
  readonly status: number;
  readonly error?: string;
  readonly lost?: boolean;
}

function showForm(web: Web, req: Request, res: Response, { email, next, status, error, lost }: Form): Promise<void> {
  const flash = lost ? ({ kind: 'note', text: t('login.lost') } as const) : undefined;
  return showPage(web, req, res, { name: 'login', title: t('login.title'), model: { email, next, error }, status, flash });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
