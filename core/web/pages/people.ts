import type { Request, Response } from 'express';
import { ROLES, type Role } from '../../access/principal.ts';
import { hubError, Rejected } from '../../sdk/errors.ts';
import { bodyText, param } from '../http/request.ts';
import type { Web } from '../services.ts';
import { invitationView, memberView, type PeoplePage } from '../view-models/people-page.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { storePlace } from './context.ts';
import { finish } from './outcome.ts';
import { showPage } from './page.ts';

const HERE = '/people';

type Shown = Partial<Pick<PeoplePage, 'link' | 'email' | 'error'>> & { readonly status?: number };

/** `GET /people`: who belongs to the store, and who is invited. */
export async function showPeople(web: Web, req: Request, res: Response): Promise<void> {
  await render(web, req, res);
}

/** `POST /people/invite`: the link is shown this once, and mailed where the hub sends mail. */
export async function invite(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal } = await storePlace(web, req, 'manage');
  const body = req.body as Record<string, unknown>;
  const email = bodyText(req, 'email');
  try {
    const asked = { email, role: roleOf(body['role']) };
    const { invitation, url } = await web.invitations.invite(store, asked, { principal, ip: req.ip });
    await render(web, req, res, { link: { email: invitation.email, url } });
  } catch (error) {
    const known = hubError(error);
    if (!known) throw error;
    await render(web, req, res, { email, error: said(known.message), status: 422 });
  }
}

/** `POST /people/invitations/:invitation/resend` */
export async function resendInvitation(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal } = await storePlace(web, req, 'manage');
  const { invitation, url } = await web.invitations.resend(store, param(req, 'invitation'), { principal, ip: req.ip });
  await render(web, req, res, { link: { email: invitation.email, url } });
}

/** `POST /people/invitations/:invitation/revoke` */
export async function revokeInvitation(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal } = await storePlace(web, req, 'manage');
  await finish(req, res, HERE, async () => {
    const { email } = await web.invitations.revoke(store, param(req, 'invitation'), { principal, ip: req.ip });
    return t('people.revoked', { email });
  });
}

/** `POST /people/:user/role` */
export async function setRole(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal } = await storePlace(web, req, 'manage');
  await finish(req, res, HERE, async () => {
    const role = roleOf((req.body as Record<string, unknown>)['role']);
    await web.members.setRole(store, param(req, 'user'), role, { principal, ip: req.ip });
    return t('people.roleChanged', { role: t(`people.role.${role}`) });
  });
}

/** `POST /people/:user/remove` */
export async function removeMember(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal } = await storePlace(web, req, 'manage');
  await finish(req, res, HERE, async () => {
    const { email } = await web.members.remove(store, param(req, 'user'), { principal, ip: req.ip });
    return t('people.removed', { email, store: store.name });
  });
}

/** `POST /people/leave` */
export async function leaveStore(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal } = await storePlace(web, req, 'view');
  try {
    await web.members.remove(store, principal.userId, { principal, ip: req.ip });
  } catch (error) {
    return finish(req, res, HERE, () => Promise.reject(error));
  }
  delete req.session.storeId;
  await finish(req, res, '/stores', async () => t('people.left', { store: store.name }));
}

/** @throws Rejected for what is no role */
export function roleOf(value: unknown): Role {
  const role = ROLES.find((known) => known === value);
  if (!role) throw new Rejected('The role may be owner or staff.', { fields: [{ pointer: '/role', message: 'Choose one.' }] });
  return role;
}

async function render(web: Web, req: Request, res: Response, { status = 200, ...shown }: Shown = {}): Promise<void> {
  const { store, principal } = await storePlace(web, req, 'view');
  const manage = store.role === 'owner';
  const [members, invitations] = await Promise.all([web.members.list(store.id), manage ? web.invitations.open(store) : []]);
  const views = members.map((member) => memberView(member, { own: principal.userId, manage, members }));
  const model: PeoplePage = {
    ...{ link: undefined, email: '', error: undefined, ...shown },
    store: store.name,
    manage,
    mails: web.mail.mode === 'smtp',
    members: views,
    invitations: invitations.map(invitationView),
    leave: views.some(({ own, last }) => own && !last),
  };
  await showPage(web, req, res, { name: 'people', title: t('people.title'), model, store, status });
}
