import type { Request, Response } from 'express';
import { renderSVG } from 'uqr';
import { hubError, NotFound, Rejected } from '../../sdk/errors.ts';
import { attemptAt, attemptOf } from '../http/attempts.ts';
import { owesSecondFactor, principalOf } from '../http/guard.ts';
import { bodyText } from '../http/request.ts';
import { startSession } from '../http/session.ts';
import type { Web } from '../services.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { finish } from './outcome.ts';
import { setFlash, showPage } from './page.ts';

const HERE = '/account/second-factor';

/** `GET /account/second-factor` */
export async function showFactor(web: Web, req: Request, res: Response): Promise<void> {
  await render(web, req, res);
}

/** `POST /account/second-factor`: begins with a new secret, or takes the first code. */
export async function turnFactorOn(web: Web, req: Request, res: Response): Promise<void> {
  const principal = principalOf(req);
  const { code } = req.body as Record<string, unknown>;
  try {
    if (typeof code !== 'string') {
      await web.factors.begin(principal.userId);
      return res.redirect(303, HERE);
    }
    const { email } = principal;
    const attempt = attemptAt(web, req, { what: 'first code', email });
    const codes = await web.throttle.guard(attempt, () => web.factors.confirm(code, { principal, ip: req.ip }));
    await stay(web, req);
    await render(web, req, res, { codes: codes ?? [] });
  } catch (error) {
    await refused(web, req, res, error);
  }
}

/** `POST /account/second-factor/codes`: ten new ones, for a code of the app. */
export async function renewCodes(web: Web, req: Request, res: Response): Promise<void> {
  const principal = principalOf(req);
  try {
    await prove(web, req);
    await render(web, req, res, { codes: await web.factors.renewCodes({ principal, ip: req.ip }) });
  } catch (error) {
    await refused(web, req, res, error);
  }
}

/** `POST /account/second-factor/off`: for password and code. */
export async function turnFactorOff(web: Web, req: Request, res: Response): Promise<void> {
  const principal = principalOf(req);
  const { email, userId } = principal;
  await finish(req, res, HERE, async () => {
    const password = bodyText(req, 'password');
    const known = await web.throttle.guard(attemptOf(web, req, email), () => web.accounts.verifyPassword(email, password));
    if (!known) throw new Rejected(t('account.password.wrong'));
    await prove(web, req);
    await web.factors.remove(userId, { principal, ip: req.ip });
    await stay(web, req);
    return t('account.factor.offDone');
  });
}

/** `GET /account/second-factor/qr.svg`: what an app reads, until it has proven that it did. */
export async function showQr(web: Web, req: Request, res: Response): Promise<void> {
  const offered = await web.factors.offered(principalOf(req));
  if (!offered) throw new NotFound(t('account.factor.nothingOffered'));
  res
    .set('cache-control', 'no-store')
    .type('image/svg+xml')
    .send(renderSVG(offered.uri, { border: 2 }));
}

/** @throws Rejected for a code that is wrong or was used */
async function prove(web: Web, req: Request): Promise<void> {
  const { email, userId } = principalOf(req);
  const code = bodyText(req, 'code');
  const attempt = attemptAt(web, req, { what: 'code', email });
  const proof = await web.throttle.guard(attempt, () => web.factors.check(userId, code));
  if (!proof) throw new Rejected(t('account.code.wrong'));
}

/** All sessions of the person have ended; this one begins anew. */
async function stay(web: Web, req: Request): Promise<void> {
  const user = await web.accounts.find(principalOf(req).userId);
  if (user) await startSession(req, user, req.session.storeId);
}

/** The page again, with the reason. @throws what is not the person's doing */
async function refused(web: Web, req: Request, res: Response, error: unknown): Promise<void> {
  const known = hubError(error);
  if (!known) throw error;
  if (known.code === 'CONFLICT' || known.code === 'NOT_FOUND') {
    await setFlash(req, { kind: 'note', text: said(known.message) });
    return res.redirect(303, HERE);
  }
  await render(web, req, res, { error: said(known.message), status: known.code === 'RATE_LIMIT_EXCEEDED' ? 429 : 422 });
}

interface Shown {
  readonly codes?: readonly string[];
  readonly error?: string;
  readonly status?: number;
}

async function render(web: Web, req: Request, res: Response, { codes, error, status = 200 }: Shown = {}): Promise<void> {
  const principal = principalOf(req);
  const [state, offered] = await Promise.all([web.factors.state(principal.userId), web.factors.offered(principal)]);
  const model = { state, secret: offered?.secret, uri: offered?.uri, codes, error, required: owesSecondFactor(req) };
  await showPage(web, req, res, { name: 'second-factor', title: t('account.factor.title'), model, status });
}
