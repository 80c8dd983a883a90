import type { Request, Response } from 'express';
import type { User } from '../../access/accounts.ts';
import { hubError } from '../../sdk/errors.ts';
import { attemptAt } from '../http/attempts.ts';
import { bodyText } from '../http/request.ts';
import { endSession } from '../http/session.ts';
import type { Web } from '../services.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { afterLogin, enter } from './login.ts';
import { showPage } from './page.ts';

interface Proving {
  readonly user: User;
  readonly next: string;
}

/** `GET /login/code`: the second half of signing in. */
export async function showCode(web: Web, req: Request, res: Response): Promise<void> {
  if (!(await provingOf(web, req))) return res.redirect(303, '/login');
  await showForm(web, req, res);
}

export async function proveCode(web: Web, req: Request, res: Response): Promise<void> {
  const proving = await provingOf(web, req);
  if (!proving) return res.redirect(303, '/login');
  const { user } = proving;
  const code = bodyText(req, 'code');
  try {
    const attempt = attemptAt(web, req, { what: 'code', email: user.email });
    const proof = await web.throttle.guard(attempt, () => web.factors.check(user.id, code));
    if (!proof) return await showForm(web, req, res, { status: 401, error: t('account.code.wrong') });
    await enter(web, req, { user, proof });
    res.redirect(303, proof === 'code' ? await afterLogin(web, req, proving) : '/account/second-factor');
  } catch (error) {
    const known = hubError(error);
    if (known?.code !== 'RATE_LIMIT_EXCEEDED') throw error;
    res.set('retry-after', String(known.afterSeconds));
    await showForm(web, req, res, { status: 429, error: said(known.message) });
  }
}

/** Whoever gave the right password in this browser a moment ago, as long as nothing of theirs has changed since. */
async function provingOf(web: Web, req: Request): Promise<Proving | undefined> {
  const { proving } = req.session;
  if (!proving || proving.until < Date.now()) {
    if (proving) await endSession(req);
    return undefined;
  }
  const user = await web.accounts.find(proving.userId);
  return user && user.stamp === proving.stamp ? { user, next: proving.next } : undefined;
}

function showForm(web: Web, req: Request, res: Response, { status = 200, error }: { status?: number; error?: string } = {}) {
  return showPage(web, req, res, { name: 'login-code', title: t('account.code.title'), model: { error }, status });
}
