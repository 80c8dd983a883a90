import type { Request, Response } from 'express';
import { NotFound } from '../../sdk/errors.ts';
import { principalOf } from '../http/guard.ts';
import { param } from '../http/request.ts';
import { endSession, sessionIdHash } from '../http/session.ts';
import type { Web } from '../services.ts';
import { sessionView } from '../view-models/account-page.ts';
import { t } from '../words/texts.ts';
import { finish } from './outcome.ts';
import { showPage } from './page.ts';

/** `GET /account`: the person's own password, second factor and open sessions. */
export async function showAccount(web: Web, req: Request, res: Response): Promise<void> {
  await renderAccount(web, req, res);
}

export async function renderAccount(
  web: Web,
  req: Request,
  res: Response,
  { errors = {}, status = 200 }: { errors?: Readonly<Record<string, string>>; status?: number } = {},
): Promise<void> {
  const { userId, email } = principalOf(req);
  const [sessions, factor] = await Promise.all([web.sessionList.list(userId), web.factors.state(userId)]);
  const own = sessionIdHash(req);
  const model = { email, errors, factor, sessions: sessions.map((one) => sessionView(one, own)) };
  await showPage(web, req, res, { name: 'account', title: t('account.title'), model, status });
}

/** `POST /account/sessions/:session/end` */
export async function endOwnSession(web: Web, req: Request, res: Response): Promise<void> {
  const principal = principalOf(req);
  await finish(req, res, '/account', async () => {
    const ended = await web.sessionList.end(principal.userId, param(req, 'session'));
    if (!ended) throw new NotFound(t('account.sessions.gone'));
    await web.audit.record({ principal, action: 'session.end', target: principal.userId, ip: req.ip });
    return t('account.sessions.ended');
  });
}

/** `POST /account/sessions/end`: everywhere, here too. */
export async function endAllSessions(web: Web, req: Request, res: Response): Promise<void> {
  const principal = principalOf(req);
  await web.accounts.endSessions(principal.userId);
  await web.audit.record({ principal, action: 'session.end-all', target: principal.userId, ip: req.ip });
  await endSession(req);
  res.redirect(303, '/login');
}
