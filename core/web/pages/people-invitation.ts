import type { Request, Response } from 'express';
import { hubError } from '../../sdk/errors.ts';
import { attemptAt } from '../http/attempts.ts';
import { knownPrincipal } from '../http/guard.ts';
import { bodyText, param } from '../http/request.ts';
import { saveSession, startSession } from '../http/session.ts';
import type { Web } from '../services.ts';
import type { InvitationPage } from '../view-models/people-page.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { faultsOf } from './account-password.ts';
import { enter } from './login.ts';
import { setFlash, showPage } from './page.ts';

/** `GET /invitations/:token` @throws NotFound for a link that is used or ended */
export async function showInvitation(web: Web, req: Request, res: Response): Promise<void> {
  await render(web, req, res);
}

/** `POST /invitations/:token`: joins as who is signed in, or makes the login first. */
export async function acceptInvitation(web: Web, req: Request, res: Response): Promise<void> {
  const token = param(req, 'token');
  const principal = knownPrincipal(req);
  const password = bodyText(req, 'password');
  try {
    const by = principal ? { userId: principal.userId } : { password };
    const attempt = attemptAt(web, req, { what: 'invitation', email: token });
    const accepted = await web.throttle.guard(attempt, () => web.invitations.accept(token, by, req.ip));
    if (!accepted) return;
    const { user, invitation } = accepted;
    if (!principal) await enter(web, req, { user, proof: 'invitation' });
    // Who runs the hub from now on gets a session of their own for it.
    else if (invitation.role === 'operator') await startSession(req, user, req.session.storeId);
    if (invitation.storeId) req.session.storeId = invitation.storeId;
    await saveSession(req);
    await setFlash(req, { kind: 'good', text: t('people.joined', { place: placeOf(web, invitation.storeName) }) });
  } catch (error) {
    const errors = hubError(error)?.code === 'NOT_FOUND' ? undefined : (faultsOf(error) ?? conflictOf(error));
    if (!errors) throw error;
    return render(web, req, res, errors);
  }
  res.redirect(303, '/integrations');
}

function conflictOf(error: unknown): Record<string, string> | undefined {
  const known = hubError(error);
  return known && ['CONFLICT', 'FORBIDDEN'].includes(known.code) ? { password: said(known.message) } : undefined;
}

function placeOf({ config }: Web, store: string | null): string {
  return store ?? config.brand.name;
}

async function render(web: Web, req: Request, res: Response, errors: Readonly<Record<string, string>> = {}): Promise<void> {
  const token = param(req, 'token');
  const { invitation, known } = await web.invitations.read(token);
  const { email, storeName, role, inviter } = invitation;
  const as = knownPrincipal(req)?.email;
  const kind = as ? (as.toLowerCase() === email.toLowerCase() ? 'join' : 'other') : known ? 'log-in' : 'new';
  const model: InvitationPage = {
    ...{ email, inviter, kind, as, errors },
    store: placeOf(web, storeName),
    roleName: t(`people.role.${role}`),
    action: `/invitations/${encodeURIComponent(token)}`,
  };
  const status = Object.keys(errors).length > 0 ? 422 : 200;
  await showPage(web, req, res, { name: 'invitation', title: t('people.invitation.title'), model, status });
}
