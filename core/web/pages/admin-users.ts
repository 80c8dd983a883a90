import type { Request, Response } from 'express';
import type { User } from '../../access/accounts.ts';
import { hubError } from '../../sdk/errors.ts';
import { principalOf } from '../http/guard.ts';
import { bodyText, param, queryText } from '../http/request.ts';
import type { Web } from '../services.ts';
import { invitationView } from '../view-models/people-page.ts';
import type { UserPage, UsersPage } from '../view-models/users-page.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { finish } from './outcome.ts';
import { showPage } from './page.ts';

const HERE = '/admin/users';
const PAGE = 100;

type Shown = Partial<Pick<UsersPage, 'link' | 'email' | 'error'>> & { readonly status?: number };

/** `GET /admin/users` */
export async function showUsers(web: Web, req: Request, res: Response): Promise<void> {
  await render(web, req, res);
}

/** `POST /admin/users/invite`: somebody who is to run the hub. */
export async function inviteOperator(web: Web, req: Request, res: Response): Promise<void> {
  const email = bodyText(req, 'email');
  try {
    const { invitation, url } = await web.invitations.invite(undefined, { email, role: 'operator' }, actorOf(req));
    await render(web, req, res, { link: { email: invitation.email, url } });
  } catch (error) {
    const known = hubError(error);
    if (!known) throw error;
    await render(web, req, res, { email, error: said(known.message), status: 422 });
  }
}

/** `POST /admin/users/invitations/:invitation/resend` */
export async function resendToOperator(web: Web, req: Request, res: Response): Promise<void> {
  const { invitation, url } = await web.invitations.resend(undefined, param(req, 'invitation'), actorOf(req));
  await render(web, req, res, { link: { email: invitation.email, url } });
}

/** `POST /admin/users/invitations/:invitation/revoke` */
export async function revokeFromOperator(web: Web, req: Request, res: Response): Promise<void> {
  await finish(req, res, HERE, async () => {
    const { email } = await web.invitations.revoke(undefined, param(req, 'invitation'), actorOf(req));
    return t('people.revoked', { email });
  });
}

/** `GET /admin/users/:id` @throws NotFound */
export async function showUser(web: Web, req: Request, res: Response): Promise<void> {
  await renderUser(web, req, res);
}

/** `POST /admin/users/:id/disabled` */
export function switchUser(web: Web, req: Request, res: Response): Promise<void> {
  const disabled = bodyText(req, 'disabled') === 'yes';
  return change(req, res, async (id) => {
    const { email } = await web.userAdmin.setDisabled(id, disabled, actorOf(req));
    return disabled ? t('users.disabledDone', { email }) : t('users.enabledDone', { email });
  });
}

/** `POST /admin/users/:id/operator` */
export function switchOperator(web: Web, req: Request, res: Response): Promise<void> {
  const operator = bodyText(req, 'operator') === 'yes';
  return change(req, res, async (id) => {
    const { email } = await web.userAdmin.setOperator(id, operator, actorOf(req));
    return operator ? t('users.operatorDone', { email }) : t('users.noOperatorDone', { email });
  });
}

/** `POST /admin/users/:id/sessions/end` */
export function endUserSessions(web: Web, req: Request, res: Response): Promise<void> {
  return change(req, res, async (id) => {
    const { email } = await web.userAdmin.endSessions(id, actorOf(req));
    return t('users.endSessionsDone', { email });
  });
}

/** `POST /admin/users/:id/second-factor/off` */
export function takeFactorOff(web: Web, req: Request, res: Response): Promise<void> {
  return change(req, res, async (id) => {
    const { email } = await web.userAdmin.get(id);
    await web.factors.remove(id, actorOf(req));
    return t('users.factorOffDone', { email });
  });
}

/** `POST /admin/users/:id/reset-link`: shown this once. */
export async function makeResetLink(web: Web, req: Request, res: Response): Promise<void> {
  const { id } = await web.userAdmin.get(param(req, 'id'));
  await renderUser(web, req, res, await web.resets.issue(id, actorOf(req)));
}

function change(req: Request, res: Response, act: (id: string) => Promise<string>): Promise<void> {
  const id = param(req, 'id');
  return finish(req, res, `${HERE}/${encodeURIComponent(id)}`, () => act(id));
}

export function actorOf(req: Request) {
  return { principal: principalOf(req), ip: req.ip };
}

async function render(web: Web, req: Request, res: Response, { status = 200, ...shown }: Shown = {}): Promise<void> {
  const [search, after] = [queryText(req, 'search'), queryText(req, 'after')];
  const users = await web.userAdmin.list({ search, after, limit: PAGE + 1 });
  const page = users.slice(0, PAGE);
  const last = page.at(-1);
  const query = new URLSearchParams({ ...(search && { search }), after: last?.email ?? '' });
  const model: UsersPage = {
    ...{ link: undefined, email: '', error: undefined, ...shown },
    search: search ?? '',
    users: page.map(row),
    next: users.length > PAGE ? `${HERE}?${query}` : undefined,
    invitations: (await web.invitations.open(undefined)).map(invitationView),
    mails: web.mail.mode === 'smtp',
  };
  await showPage(web, req, res, { name: 'admin-users', title: t('users.title'), model, status });
}

async function renderUser(web: Web, req: Request, res: Response, link?: UserPage['link']): Promise<void> {
  const user = await web.userAdmin.get(param(req, 'id'));
  const stores = await web.stores.list({ userId: user.id, operator: false });
  const shown = stores.map(({ name, role }) => ({ name, roleName: t(`people.role.${role}`) }));
  const model: UserPage = { ...row(user), stores: shown, own: user.id === principalOf(req).userId, link };
  await showPage(web, req, res, { name: 'admin-user', title: user.email, model });
}

function row({ id, email, operator, secondFactor, disabledAt, createdAt, lastLoginAt }: User) {
  return { id, email, operator, secondFactor, disabledAt, createdAt, lastLoginAt, href: `${HERE}/${id}` };
}
