import type { Request, Response } from 'express';
import { hubError } from '../../sdk/errors.ts';
import { attemptOf } from '../http/attempts.ts';
import { principalOf } from '../http/guard.ts';
import { bodyText, param } from '../http/request.ts';
import { rememberDevice, startSession } from '../http/session.ts';
import type { Web } from '../services.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { renderAccount } from './account.ts';
import { accountUrl } from './login.ts';
import { setFlash, showPage } from './page.ts';

/** `POST /account/password`: asks for the old one; every other session of the person ends. */
export async function changePassword(web: Web, req: Request, res: Response): Promise<void> {
  const principal = principalOf(req);
  const { email, userId } = principal;
  const [old, password] = [bodyText(req, 'old'), bodyText(req, 'password')];
  try {
    const known = await web.throttle.guard(attemptOf(web, req, email), () => web.accounts.verifyPassword(email, old));
    if (!known) return await renderAccount(web, req, res, { errors: { old: t('account.password.wrong') }, status: 422 });
    const user = await web.accounts.setPassword(email, password);
    await startSession(req, user, req.session.storeId);
    await web.audit.record({ principal, action: 'password.change', target: userId, ip: req.ip });
    await tellOfChange(web, req, email);
  } catch (error) {
    const errors = faultsOf(error);
    if (!errors) throw error;
    return renderAccount(web, req, res, { errors, status: 422 });
  }
  await setFlash(req, { kind: 'good', text: t('account.password.changed') });
  res.redirect(303, '/account');
}

/** `GET /forgot` */
export function showForgot(web: Web, req: Request, res: Response): Promise<void> {
  return showPage(web, req, res, {
    name: 'forgot',
    title: t('account.forgot.title'),
    model: { mail: web.mail.mode !== 'off', sent: false },
  });
}

/**
 * `POST /forgot`: answers before it looks the address up, so that neither words nor time tell whether there is one; and mails
 * no more often than anybody forgets.
 */
export async function forgot(web: Web, req: Request, res: Response): Promise<void> {
  const email = bodyText(req, 'email').slice(0, 254);
  const { ip } = req;
  const attempt = attemptOf(web, req, email);
  const model = { mail: web.mail.mode !== 'off', sent: true };
  await showPage(web, req, res, { name: 'forgot', title: t('account.forgot.title'), model });
  if (!model.mail) return;
  await web.mailThrottle
    .guard({ ...attempt, device: undefined }, async () => void (await web.resets.request(email, ip)))
    .catch((error: unknown) => {
      if (hubError(error)?.code !== 'RATE_LIMIT_EXCEEDED')
        web.log.error({ err: error }, 'a mail for a new password could not be queued');
    });
}

/** `GET /reset/:token` @throws NotFound for a link that is used or ended */
export async function showReset(web: Web, req: Request, res: Response): Promise<void> {
  await renderReset(web, req, res);
}

/** `POST /reset/:token` */
export async function reset(web: Web, req: Request, res: Response): Promise<void> {
  const password = bodyText(req, 'password');
  try {
    const user = await web.resets.redeem(param(req, 'token'), password, req.ip);
    // The link came by the person's own mail: this browser is theirs, whoever else guesses at the login.
    rememberDevice(web.config, req, user.email);
    await tellOfChange(web, req, user.email);
  } catch (error) {
    const errors = faultsOf(error);
    if (!errors) throw error;
    return renderReset(web, req, res, errors);
  }
  await setFlash(req, { kind: 'good', text: t('account.reset.done') });
  res.redirect(303, '/login');
}

async function renderReset(web: Web, req: Request, res: Response, errors: Readonly<Record<string, string>> = {}): Promise<void> {
  const token = param(req, 'token');
  const model = { ...(await web.resets.read(token)), action: `/reset/${encodeURIComponent(token)}`, errors };
  const status = errors['password'] ? 422 : 200;
  await showPage(web, req, res, { name: 'reset', title: t('account.reset.title'), model, status });
}

async function tellOfChange(web: Web, req: Request, to: string): Promise<void> {
  const vars = { at: new Date().toISOString(), where: req.ip ?? '', url: accountUrl(web) };
  await web.mail.send({ to, template: 'password-changed', vars });
}

/** Field → sentence, of what the person can mend. */
export function faultsOf(error: unknown): Record<string, string> | undefined {
  const known = hubError(error);
  if (known?.code === 'RATE_LIMIT_EXCEEDED') return { old: said(known.message) };
  if (!known?.fields) return undefined;
  return Object.fromEntries(known.fields.map(({ pointer, message }) => [pointer.slice(1), said(message)]));
}
