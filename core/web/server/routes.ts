import type { Express, NextFunction, Request, RequestHandler, Response } from 'express';
import { Rejected } from '../../sdk/errors.ts';
import { mountApi } from '../api/mount.ts';
import { apiRoutes } from '../api/routes.ts';
import { readForm } from '../http/body.ts';
import { notFound, wrongMethod } from '../http/errors.ts';
import { identify, knownPrincipal, owesSecondFactor, principalOf, requireOperator, usesHeader } from '../http/guard.ts';
import { checkAddress } from '../http/input-check.ts';
import { readerOf, recallLanguage } from '../http/language.ts';
import { apiLimit, type Counts, loginLimit, type RateLimits } from '../http/rate-limit.ts';
import { wantsJson } from '../http/request.ts';
import type { Route } from '../http/route.ts';
import { pageRoutes } from '../pages/routes.ts';
import type { Web } from '../services.ts';
import { forReader } from '../words/reader.ts';

/** Open to who owes a second factor: where it is turned on, and the ways out. */
const FREE = /^\/(?:account|logout|language|assets)(?:\/|$)/;

interface RoutesOptions {
  readonly sessions: readonly RequestHandler[];
  readonly limits: RateLimits;
  readonly counts: Counts;
}

/** Every page and API call of the two tables, then what is said where none of them fits. */
export function mountRoutes(app: Express, web: Web, { sessions, limits, counts }: RoutesOptions): void {
  app.use('/api', apiLimit(limits, counts), notKept);
  app.use(checkAddress);
  app.post(['/login', '/login/code', '/setup', '/forgot', '/reset/:token', '/invitations/:token'], loginLimit(limits, counts));
  app.use(sessions.map(unlessByHeader));
  app.use(async (req, res, next) => {
    await identify(web, req);
    if (!owesSecondFactor(req) || FREE.test(req.path)) return next();
    if (wantsJson(req)) throw new Rejected('Turn on the second factor of your login first.', { code: 'FORBIDDEN' });
    res.redirect(303, '/account/second-factor');
  });
  for (const route of pageRoutes) mount(app, web, route);
  for (const route of apiRoutes) mountApi(app, web, route);
  mountOtherMethods(app, [...pageRoutes, ...apiRoutes]);
  app.use((req) => {
    throw notFound(req.path);
  });
}

/** Answers hold people's data; no browser or proxy is to keep them. */
function notKept(_req: Request, res: Response, next: NextFunction): void {
  res.set('cache-control', 'no-store');
  next();
}

/** Calls that bring a key must not load, and so not keep alive, a session. */
function unlessByHeader(handler: RequestHandler): RequestHandler {
  return (req, res, next) => (usesHeader(req) ? next() : handler(req, res, next));
}

function mount(app: Express, web: Web, { on, who, signed, run }: Route): void {
  const [method, path] = split(on);
  const safe = method === 'get';
  const check = (req: Request, _res: Response, next: NextFunction) => {
    if (who === 'operator') requireOperator(req);
    if (who === 'signed-in') principalOf(req);
    next();
  };
  const csrf = (req: Request, _res: Response, next: NextFunction) => {
    if (!safe && !signed) web.csrf.check(req);
    next();
  };
  const recall = async (req: Request, _res: Response, next: NextFunction) => {
    await recallLanguage(web, req, knownPrincipal(req));
    next();
  };
  app[method](path, check, recall, ...(safe ? [] : [readForm]), csrf, (req, res) =>
    forReader(readerOf(web, req), () => run(web, req, res)),
  );
}

/** Names the methods a path does have. A path may fit several routes, so all are gathered before anyone is told. */
function mountOtherMethods(app: Express, routes: readonly Pick<Route, 'on'>[]): void {
  const methods = new Map<string, string[]>();
  for (const { on } of routes) {
    const [method, path] = split(on);
    methods.set(path, [...(methods.get(path) ?? []), method.toUpperCase()]);
  }
  const allowed = new WeakMap<Request, Set<string>>();
  for (const [path, own] of methods) {
    // Not `app.all`, which keeps a layer of its own for every method there is.
    app.route(path).all((req, _res, next) => {
      const all = allowed.get(req) ?? new Set();
      for (const method of own) all.add(method);
      allowed.set(req, all);
      next();
    });
  }
  app.use((req, _res, next) => {
    const all = allowed.get(req);
    if (all) throw wrongMethod(req.method, [...all]);
    next();
  });
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

function split(on: Route['on']): [Method, string] {
  const [method = '', path = ''] = on.split(' ');
  return [method.toLowerCase() as Method, path];
}
