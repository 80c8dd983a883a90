import type { RequestHandler } from 'express';
import type { Web } from '../services.ts';

/** `GET /assets/plugins/:plugin/icon.svg`; shown as a picture, so nothing inside it can run. */
export function serveIcon(web: Web): RequestHandler {
  return (req, res, next) => {
    const template = web.registry.template(String(req.params['plugin']));
    if (template?.icon === undefined) return next();
    res.set({
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
      'cache-control': req.query['v'] === template.iconVersion ? 'public, max-age=31536000, immutable' : 'public, no-cache',
    });
    res.type('svg').send(template.icon);
  };
}
