import type { Request, Response } from 'express';
import type { User } from '../../access/accounts.ts';
import { hubError } from '../../sdk/errors.ts';
import { attemptOf } from '../http/attempts.ts';
import { knownPrincipal } from '../http/guard.ts';
import { bodyText, localPath } from '../http/request.ts';
import { endSession, knownDevice, rememberDevice, startProving, startSession } from '../http/session.ts';
import type { Web } from '../services.ts';
import { deviceName } from '../view-models/account-page.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { homeOf } from './dashboard.ts';
import { showPage } from './page.ts';

const HOME = '/integrations';

export async function showLogin(web: Web, req: Request, res: Response): Promise<void> {
  const next = localPath(req.query['next']) ?? HOME;
  if (knownPrincipal(req)) return res.redirect(303, next);
  const lost = req.query['lost'] === '1';
  await showForm(web, req, res, { email: '', next, status: 200, lost });
}

export async function logIn(web: Web, req: Request, res: Response): Promise<void> {
  const body = req.body as Record<string, unknown>;
  const [email, password] = [bodyText(req, 'email'), bodyText(req, 'password')];
  const next = localPath(body['next']) ?? HOME;
  try {
    const user = await web.throttle.guard(attemptOf(web, req, email), () => web.accounts.verifyPassword(email, password));
    if (!user) return await showForm(web, req, res, { email, next, status: 401, error: t('login.wrong') });
    if (user.secondFactor) {
      await startProving(req, user, next);
      return res.redirect(303, '/login/code');
    }
    await enter(web, req, { user, proof: 'password' });
    res.redirect(303, await afterLogin(web, req, { user, next }));
  } catch (error) {
    const known = hubError(error);
    if (known?.code !== 'RATE_LIMIT_EXCEEDED') throw error;
    res.set('retry-after', String(known.afterSeconds));
    await showForm(web, req, res, { email, next, status: 429, error: said(known.message) });
  }
}

export async function logOut(_web: Web, req: Request, res: Response): Promise<void> {
  await endSession(req);
  res.redirect(303, '/login');
}

/** Somebody has proven all that is asked for: the session begins, and who did not expect that hears of it. */
export async function enter(web: Web, req: Request, { user, proof }: { user: User; proof: string }): Promise<void> {
  const { ip } = req;
  const isNew = knownDevice(web.config, req, user.email) === undefined;
  await startSession(req, user);
  rememberDevice(web.config, req, user.email);
  await web.accounts.loggedIn(user.id);
  await web.audit.record({ actor: user.email, action: 'user.login', target: user.id, detail: { proof, newDevice: isNew }, ip });
  if (!isNew || !user.lastLoginAt) return;
  const vars = { at: new Date().toISOString(), where: ip ?? '', device: deviceName(req.get('user-agent')), url: accountUrl(web) };
  await web.mail.send({ to: user.email, template: 'new-sign-in', vars });
}

/** The page that was asked for, or where there is something to do. */
export async function afterLogin(web: Web, req: Request, { user, next }: { user: User; next: string }): Promise<string> {
  return next === HOME ? homeOf(web, req, { userId: user.id, operator: user.operator }) : next;
}

export function accountUrl({ config }: Web): string {
  return `${config.publicUrl}/account`;
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
