import type { Express, NextFunction, Request, Response } from 'express';
import { Rejected } from '../../sdk/errors.ts';
import { bodyOf, checkApiType, objectOf, readJson } from '../http/body.ts';
import { NoBody, PluginFields } from '../http/dto.ts';
import { keyUsedOtherwise, stillUnderWay } from '../http/errors.ts';
import { identifyByPassword, knownPrincipal, principalOf, requireOperator, usesHeader } from '../http/guard.ts';
import type { Web } from '../services.ts';
import { queryOf } from './query.ts';
import type { ApiRoute, Call, InIntegration, Reply } from './route.ts';
import { ifUnchanged, sendTagged } from './tags.ts';

class NoQuery {}

/** Where an `Idempotency-Key` may stand. */
export const KEY_HEADER = 'Idempotency-Key';

/** Who may call is settled before the body is read, and what is asked for before anything is done. */
export function mountApi(app: Express, web: Web, route: ApiRoute): void {
  const [verb = '', path = ''] = route.on.split(' ');
  const method = verb.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
  const allow = async (req: Request, _res: Response, next: NextFunction) => {
    if (route.who === 'password') await identifyByPassword(web, req);
    if (route.who === 'operator') requireOperator(req);
    if (route.who === 'signed-in') principalOf(req);
    next();
  };
  const csrf = (req: Request, _res: Response, next: NextFunction) => {
    // A call without any session cannot ride on one.
    if (method !== 'get' && !usesHeader(req) && req.session?.userId) web.csrf.check(req);
    next();
  };
  const body = method === 'get' ? [] : [checkApiType, readJson];
  app[method](path, allow, ...body, csrf, (req, res) => answer(web, route, { req, res }));
}

async function answer(web: Web, route: ApiRoute, { req, res }: { req: Request; res: Response }): Promise<void> {
  const call = await preparedCall(route, { web, req, res } as Call);
  const act = async () => route.run(call as never);
  const run = route.tagged && req.method !== 'GET' ? () => ifUnchanged(route, call, act) : act;
  const key = route.once ? keyOf(req) : undefined;
  const reply = key === undefined ? await run() : await onceOnly(call, key, run);
  if (reply) await send(route, call, reply);
}

/** @throws Rejected (422) for a key known with another call or body, (409) while the first call is still under way */
async function onceOnly(call: Call, key: string, run: () => Promise<Reply | undefined>): Promise<Reply | undefined> {
  const { req, principal, body, store, integration } = call as Call & Partial<InIntegration>;
  // An address without a store means another one for another key, and a key must not fetch what a person was answered.
  const { userId, apiKeyId = userId } = principal;
  const named = [req.method, req.originalUrl, store?.id, integration?.id].join(' ');
  const once = await call.web.idempotencyKeys.do({ caller: apiKeyId, key, call: named, body }, async () => (await run()) ?? null);
  if (once.kind === 'other') throw keyUsedOtherwise();
  if (once.kind === 'busy') throw stillUnderWay();
  const { answer: reply } = once;
  if (!reply || once.kind === 'first') return reply ?? undefined;
  return { ...reply, headers: { ...reply.headers, 'idempotency-replayed': 'true' } };
}

/** With its place found and allowed, its query and body checked. */
async function preparedCall(route: ApiRoute, { web, req, res }: Call): Promise<Call> {
  const { place, need = 'view' } = route;
  const base = { web, req, res, principal: knownPrincipal(req) as Call['principal'], body: undefined, query: undefined };
  if (!place) return { ...base, ...(await contentOf(route, req)) };
  if (!place.byContent) return { ...base, ...(await place.find(base, need)), ...(await contentOf(route, req)) };
  const read = { ...base, ...(await contentOf(route, req)) };
  return { ...read, ...(await place.find(read, need)) };
}

async function contentOf(route: ApiRoute, req: Request): Promise<Pick<Call, 'body' | 'query'>> {
  const query = route.query === PluginFields ? req.query : await queryOf(route.query ?? NoQuery, req);
  if (req.method === 'GET') return { query, body: undefined };
  return { query, body: route.body === PluginFields ? objectOf(req) : await bodyOf(route.body ?? NoBody, req) };
}

function keyOf(req: Request): string | undefined {
  const key = req.get(KEY_HEADER);
  if (key === undefined || /^[\x20-\x7e]{1,255}$/.test(key)) return key;
  throw new Rejected(`The header ${KEY_HEADER} must hold 1 to 255 printable characters.`, {
    fields: [{ pointer: `/headers/${KEY_HEADER}`, message: 'Use 1 to 255 characters.' }],
  });
}

async function send(route: ApiRoute, call: Call, reply: Reply): Promise<void> {
  const { res } = call;
  const { status, body, json, headers = {} } = reply;
  res.status(status).set(headers);
  if (route.tagged && (await sendTagged(route, call))) return;
  // Express would hash all of it for a tag nobody keeps.
  if (json !== undefined) res.set('content-type', 'application/json; charset=utf-8').end(json);
  else if (body === undefined) res.end();
  else res.json(body);
}
