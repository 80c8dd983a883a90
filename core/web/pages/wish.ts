import type { Request, Response } from 'express';
import { bodyText } from '../http/request.ts';
import type { Web } from '../services.ts';
import { t } from '../words/texts.ts';
import { pluginPlace } from './context.ts';
import { setFlash } from './page.ts';

/** "Tell me when it is here", and its opposite. */
export async function wish(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal, template } = await pluginPlace(web, req, 'view');
  const wanted = { storeId: store.id, pluginId: template.id, principal };
  const forget = bodyText(req, 'forget') === '1';
  await (forget ? web.wishes.remove(wanted) : web.wishes.add(wanted));
  await setFlash(req, {
    kind: 'good',
    text: t(forget ? 'cards.notTold' : web.mail.mode === 'smtp' ? 'cards.told' : 'cards.toldNoMail', { name: template.name }),
  });
  res.redirect(303, '/integrations');
}
