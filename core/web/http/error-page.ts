import type { Request, Response } from 'express';
import type { Web } from '../services.ts';
import type { Shell } from '../view-models/pages.ts';
import { forReader } from '../words/reader.ts';
import { said } from '../words/said.ts';
import { t, tIfThere } from '../words/texts.ts';
import { identify, knownPrincipal } from './guard.ts';
import { readerOf } from './language.ts';
import { chosenStore, storesOf } from './own-stores.ts';
import { pathOf } from './request.ts';
import { nonceOf } from './security-headers.ts';

type Frame = Pick<Shell, 'csrf' | 'user' | 'store' | 'stores'>;

const BARE: Frame = { csrf: '' };

/** What went wrong, in the frame of who is signed in, so that there is a way on. */
export async function errorPage(web: Web, req: Request, res: Response, told: { message: string; status: number }): Promise<void> {
  const frame = await frameOf(web, req, res, told.status).catch(() => BARE);
  // Not the address itself: it may be a link that is a secret.
  const path = /^\/admin(\/|$)/.test(pathOf(req)) ? '/admin' : '/integrations';
  const make = () => {
    const heading = tIfThere(`error.title.${told.status}`) ?? t('error.title.500');
    const model = {
      heading,
      message: told.status === 500 ? t('error.ours') : said(told.message),
      id: told.status >= 500 ? String(req.id) : undefined,
      back: backOf(frame, path, Boolean(req.session?.userId)),
    };
    return web.views.page('error', model, { ...frame, title: heading, path, nonce: nonceOf(res) });
  };
  res.type('html').send(forReader(readerOf(web, req), make));
}

/** Without asking the database after a failure of ours, as it may be what failed, and for who asks too often. */
async function frameOf(web: Web, req: Request, res: Response, status: number): Promise<Frame> {
  const unasked = status >= 500 || status === 429;
  const known = knownPrincipal(req);
  const principal = known ?? (req.session?.userId && !unasked ? await identify(web, req) : undefined);
  if (!principal) return BARE;
  const stores = unasked ? [] : await storesOf(web, req, principal);
  const { email, operator } = principal;
  return { csrf: web.csrf.token(req, res), user: { email, operator }, store: chosenStore(req, stores), stores };
}

function backOf({ user }: Frame, path: string, inside: boolean): { href: string; text: string } {
  if (user?.operator && path === '/admin') return { href: '/admin', text: t('error.toAdministration') };
  return inside ? { href: '/integrations', text: t('error.toIntegrations') } : { href: '/', text: t('error.toStart') };
}
