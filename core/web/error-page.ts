import type { Request, Response } from 'express';
import { readerOf } from './language.ts';
import { forReader } from './reader.ts';
import type { Web } from './services.ts';
import { t } from './texts.ts';

/** Made without the database, which may be what failed. */
export function errorPage(
  web: Web,
  req: Request,
  res: Response,
  told: { heading: string; message: string; status: number },
): void {
  const inside = Boolean(req.session?.userId);
  const make = () => {
    const model = {
      heading: told.heading,
      message: told.message,
      id: told.status >= 500 ? String(req.id) : undefined,
      back: inside ? { href: '/integrations', text: t('error.toIntegrations') } : { href: '/', text: t('error.toStart') },
    };
    return web.views.page('error', model, { csrf: '', title: told.heading, path: '/integrations' });
  };
  res.type('html').send(forReader(readerOf(web, req), make));
}
