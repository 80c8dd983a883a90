import type { RequestHandler } from 'express';
import type { Views } from '../views.ts';
import { ENCODINGS } from './asset-files.ts';

/** `GET /assets/:file`: an address with the right hash never changes, any other is checked by its ETag. */
export function serveAssets(views: Views): RequestHandler {
  return (req, res, next) => {
    const asset = views.asset(String(req.params['file']));
    if (!asset) return next();
    const wanted = req.acceptsEncodings([...ENCODINGS]);
    const encoding = ENCODINGS.find((known) => known === wanted);
    res.set({
      'content-type': asset.type,
      etag: encoding ? `"${asset.hash}-${encoding}"` : `"${asset.hash}"`,
      vary: 'accept-encoding',
      'cache-control': req.query['v'] === asset.hash ? 'public, max-age=31536000, immutable' : 'public, no-cache',
      'x-content-type-options': 'nosniff',
    });
    if (req.fresh) return void res.status(304).end();
    if (encoding) res.set('content-encoding', encoding);
    res.send(encoding ? asset.pressed(encoding) : asset.body);
  };
}
