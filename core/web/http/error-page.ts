import type { Request, Response } from 'express';
import type { Web } from '../services.ts';
import { forReader } from '../words/reader.ts';
import { said } from '../words/said.ts';
import { t, tIfThere } from '../words/texts.ts';
import { readerOf } from './language.ts';
import { nonceOf } from './security-headers.ts';

/** Made without the database, which may be what failed. */
export function errorPage(web: Web, req: Request, res: Response, told: { message: string; status: number }): void {
  const inside = Boolean(req.session?.userId);
  const make = () => {
    const heading = tIfThere(`error.title.${told.status}`) ?? t('error.title.500');
    const model = {
      heading,
      message: told.status === 500 ? t('error.ours') : said(told.message),
      id: told.status >= 500 ? String(req.id) : undefined,
      back: inside ? { href: '/integrations', text: t('error.toIntegrations') } : { href: '/', text: t('error.toStart') },
    };
    return web.views.page('error', model, { csrf: '', title: heading, path: '/integrations', nonce: nonceOf(res) });
  };
  res.type('html').send(forReader(readerOf(web, req), make));
}
