import type { Request, Response } from 'express';
import { requireOperator } from '../http/guard.ts';
import { param } from '../http/request.ts';
import type { Web } from '../services.ts';
import { adminMailPage } from '../view-models/admin-mail-page.ts';
import { t } from '../words/texts.ts';
import { finish } from './outcome.ts';
import { showPage } from './page.ts';
import { pagerOf, pagingOf } from './pager.ts';

const MAILS_A_PAGE = 100;
const STATES = ['queued', 'sent', 'dead'] as const;

export async function showAdminMail(web: Web, req: Request, res: Response): Promise<void> {
  const { email } = requireOperator(req);
  const state = STATES.find((one) => one === req.query['state']);
  const paging = pagingOf(req, MAILS_A_PAGE);
  const [{ mails, next }, counts] = await Promise.all([web.mails.page({ state }, paging), web.mails.counts()]);
  const pager = pagerOf(`/admin/mail${state ? `?state=${state}` : ''}`, paging, next);
  const model = { ...adminMailPage({ mode: web.mail.mode, state, counts, mails, email }), ...pager };
  await showPage(web, req, res, { name: 'admin-mail', title: t('mail.title'), model });
}

export async function sendMailAgain(web: Web, req: Request, res: Response): Promise<void> {
  const principal = requireOperator(req);
  await finish(req, res, '/admin/mail', async () => {
    const to = await web.mail.sendAgain(param(req, 'mail'));
    await web.audit.record({ principal, action: 'mail.send-again', target: param(req, 'mail'), ip: req.ip });
    return t('mail.again.done', { to });
  });
}

/** To whoever asks, so that it cannot be used to write to others. */
export async function sendTestMail(web: Web, req: Request, res: Response): Promise<void> {
  const { email } = requireOperator(req);
  await finish(req, res, '/admin/mail', async () => {
    await web.mail.send({ to: email, template: 'test', vars: { publicUrl: web.config.publicUrl } });
    return t('mail.test.done', { email });
  });
}
