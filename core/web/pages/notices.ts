import type { Request, Response } from 'express';
import { MODES, type NoticeMode } from '../../notices/choice-store.ts';
import { NotFound, Rejected } from '../../sdk/errors.ts';
import { principalOf } from '../http/guard.ts';
import { localPath, param } from '../http/request.ts';
import { saveSession } from '../http/session.ts';
import type { Web } from '../services.ts';
import { incidentView, modeChoices } from '../view-models/notices-page.ts';
import { t } from '../words/texts.ts';
import { storePlace } from './context.ts';
import { finish } from './outcome.ts';
import { showPage } from './page.ts';

/** What needs somebody now, and how this person wants to hear of it. */
export async function showNotices(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal } = await storePlace(web, req, 'view');
  const [incidents, mode] = await Promise.all([
    web.incidents.openOf(store.id),
    web.noticeChoices.modeOf(store.id, principal.userId),
  ]);
  const titleOf = (plugin: string | null) => web.registry.template(plugin ?? '')?.name ?? '';
  const model = {
    incidents: incidents.map((incident) => incidentView(incident, titleOf(incident.pluginId))),
    modes: mode && modeChoices(mode),
    email: principal.email,
    storeName: store.name,
    mailOff: web.mail.mode === 'off',
    mailFiles: web.mail.mode === 'files',
    canManage: store.role === 'owner',
  };
  await showPage(web, req, res, { name: 'notices', title: t('notices.title'), model, store });
}

export async function chooseNotices(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal } = await storePlace(web, req, 'view');
  await finish(req, res, '/notifications', async () => {
    const mode = modeOf((req.body as Record<string, unknown>)['mode']);
    const known = await web.noticeChoices.choose(store.id, principal.userId, mode);
    if (!known) throw new Rejected(t('notices.notAMember'), { code: 'FORBIDDEN' });
    await web.audit.record({ storeId: store.id, principal, action: 'notices.choose', detail: { mode }, ip: req.ip });
    return t(`notices.saved.${mode}`);
  });
}

/** The way out that stands in every mail: asks first, as programs follow links, too. */
export async function showNoticeStop(web: Web, req: Request, res: Response): Promise<void> {
  const { storeName } = await stopPlace(web, req);
  const model = { action: req.path, storeName, stopped: false };
  await showPage(web, req, res, { name: 'notice-stop', title: t('notices.stop.title'), model });
}

/** By the button of that page, or by the mail program itself (RFC 8058). */
export async function stopNotices(web: Web, req: Request, res: Response): Promise<void> {
  const { storeId, userId, storeName } = await stopPlace(web, req);
  await web.noticeChoices.choose(storeId, userId, 'off');
  await web.audit.record({
    storeId,
    actor: 'unsubscribe link',
    action: 'notices.choose',
    target: userId,
    detail: { mode: 'off' },
  });
  const model = { action: req.path, storeName, stopped: true };
  await showPage(web, req, res, { name: 'notice-stop', title: t('notices.stop.title'), model });
}

/** From a mail to a page of the store it is about. */
export async function openFromMail(web: Web, req: Request, res: Response): Promise<void> {
  const [storeId, path] = [param(req, 'store'), localPath(req.query['to'])];
  if (path === undefined || !web.noticeLinks.isOpen({ storeId, path, proof: param(req, 'proof') })) throw unknownLink();
  req.session.storeId = (await web.stores.resolve(principalOf(req), storeId, 'view')).id;
  await saveSession(req);
  res.redirect(303, path);
}

async function stopPlace(web: Web, req: Request) {
  const [storeId, userId] = [param(req, 'store'), param(req, 'user')];
  if (!web.noticeLinks.isUnsubscribe({ storeId, userId, proof: param(req, 'proof') })) throw unknownLink();
  const storeName = await web.noticeChoices.storeName(storeId);
  if (storeName === undefined) throw unknownLink();
  return { storeId, userId, storeName };
}

function unknownLink(): NotFound {
  return new NotFound(t('notices.unknownLink'));
}

function modeOf(value: unknown): NoticeMode {
  const mode = MODES.find((one) => one === value);
  if (mode) return mode;
  throw new Rejected(t('notices.chooseOne'));
}
