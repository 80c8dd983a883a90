import type { Request, Response } from 'express';
import { wrongMethod } from '../http/errors.ts';
import { wantsJson } from '../http/request.ts';
import type { Route } from '../http/route.ts';

/**
 * A person who loads again where a form was sent to, or logs in on the way there, comes to the page the form is on:
 * the nearest one above that can be shown.
 */
export function landings(routes: readonly Route[]): Route[] {
  const shown = new Set(routes.filter(({ on }) => on.startsWith('GET ')).map(({ on }) => on.slice(4)));
  const sent = routes.filter(({ on }) => on.startsWith('POST ')).map(({ on }) => on.slice(5) as `/${string}`);
  return sent.filter((path) => !shown.has(path)).map((path) => landing(path, partsAbove(path, shown)));
}

function landing(path: `/${string}`, parts: number): Route {
  const run = (_web: unknown, req: Request, res: Response) => {
    if (wantsJson(req)) throw wrongMethod(req.method, ['POST']);
    res.redirect(303, req.path.split('/').slice(0, parts).join('/') || '/');
  };
  return { on: `GET ${path}`, who: 'anyone', run };
}

function partsAbove(path: string, shown: ReadonlySet<string>): number {
  const parts = path.split('/');
  while (parts.length > 1 && !shown.has(parts.join('/'))) parts.pop();
  return parts.length;
}
