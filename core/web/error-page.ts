import type { Request, Response } from 'express';
import type { Web } from './services.ts';

/** Made without the database, which may be what failed. */
export function errorPage(
  web: Web,
  req: Request,
  res: Response,
  told: { heading: string; message: string; status: number },
): void {
  const inside = Boolean(req.session?.userId);
  const model = {
    heading: told.heading,
    message: told.message,
    id: told.status >= 500 ? String(req.id) : undefined,
    back: inside ? { href: '/integrations', text: 'To the integrations' } : { href: '/', text: 'To the start' },
  };
  res.type('html').send(web.views.page('error', model, { csrf: '', title: told.heading, path: '/integrations' }));
}
