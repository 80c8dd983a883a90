import type { RequestHandler } from 'express';
import type { Views } from './views.ts';

/** `GET /assets/:file`: an address with the right hash never changes, any other is checked by its ETag. */
export function serveAssets(views: Views): RequestHandler {
  return (req, res, next) => {
    const asset = views.asset(String(req.params['file']));
    if (!asset) return next();
    res.set({
      'content-type': asset.type,
      etag: `"${asset.hash}"`,
      'cache-control': req.query['v'] === asset.hash ? 'public, max-age=31536000, immutable' : 'public, no-cache',
      'x-content-type-options': 'nosniff',
    });
    if (req.fresh) return void res.status(304).end();
    res.send(asset.body);
  };
}
