import type { Request, Response } from 'express';
import { sendFile } from '../event-body.ts';
import { principalOf } from '../http/guard.ts';
import { bodyText, param } from '../http/request.ts';
import type { Web } from '../services.ts';
import { adminUnreadable } from '../view-models/admin-unreadable.ts';
import { t } from '../words/texts.ts';
import { finish } from './outcome.ts';
import { showPage } from './page.ts';

const HERE = '/admin/events/unreadable';

/** Accepted messages nobody can read: what it means to set them aside is said beside the button that does it. */
export async function showUnreadable(web: Web, req: Request, res: Response): Promise<void> {
  const nameOf = (id: string) => web.registry.template(id)?.name ?? id;
  const model = adminUnreadable(await web.unreadable.rows(), nameOf);
  await showPage(web, req, res, { name: 'admin-unreadable', title: t('tray.unreadable'), model });
}

export async function downloadUnreadable(web: Web, req: Request, res: Response): Promise<void> {
  const row = param(req, 'row');
  sendFile(res, `unreadable-${row}.bin`, await web.unreadable.copy(param(req, 'integration'), row, by(req)));
}

export async function setAsideUnreadable(web: Web, req: Request, res: Response): Promise<void> {
  await finish(req, res, HERE, async () =>
    t('tray.setAsideDone', { ...(await web.unreadable.setAside(chosenBy(req), by(req))) }),
  );
}

export async function putBackUnreadable(web: Web, req: Request, res: Response): Promise<void> {
  await finish(req, res, HERE, async () => t('tray.putBackDone', { ...(await web.unreadable.putBack(chosenBy(req), by(req))) }));
}

function chosenBy(req: Request) {
  return { integrationId: bodyText(req, 'integration'), last: bodyText(req, 'last') };
}

function by(req: Request) {
  return { principal: principalOf(req), ip: req.ip };
}
