import { ArrayNotEmpty, IsArray, IsIn, IsString, Length } from 'class-validator';
import type { Request, Response } from 'express';
import type { ApiKeyView } from '../access/api-keys.ts';
import { type Principal, SCOPES, type Scope } from '../access/principal.ts';
import { NotFound, Rejected } from '../sdk/errors.ts';
import { bodyOf } from './body.ts';
import { IfGiven } from './dto.ts';
import { notSignedIn } from './errors.ts';
import { knownPrincipal, principalOf } from './guard.ts';
import { param, queryText } from './request.ts';
import type { Web } from './services.ts';

class NewApiKeyBody {
  @IsString()
  @Length(1, 100)
  name!: string;

  /** Id or slug; default: the caller's first. */
  @IfGiven()
  @IsString()
  store?: string;

  /** Default: all the caller may have. */
  @IfGiven()
  @IsArray()
  @ArrayNotEmpty()
  @IsIn(SCOPES, { each: true })
  scopes?: Scope[];
}

/** `POST /api/api-keys` with a session, or with Basic email:password where there is no key yet. The key is shown once. */
export async function createApiKey(web: Web, req: Request, res: Response): Promise<void> {
  const principal = await byPassword(web, req);
  if (principal.kind === 'api-key') {
    throw new Rejected('An API key cannot make another; send your email and password (Basic) instead.', { code: 'FORBIDDEN' });
  }
  const body = await bodyOf(NewApiKeyBody, req);
  const store = body.store ? await web.stores.resolve(principal, body.store, 'view') : (await web.stores.list(principal))[0];
  if (!store) throw new NotFound('You do not belong to a store yet; ask its owner to add you.');
  const { id, key, scopes } = await web.apiKeys.create({
    user: { id: principal.userId, operator: principal.operator },
    storeId: store.id,
    role: store.role,
    name: body.name,
    scopes: body.scopes,
  });
  await web.audit.record({
    storeId: store.id,
    principal,
    action: 'api-key.create',
    target: id,
    detail: { name: body.name, scopes },
    ip: req.ip,
  });
  res
    .status(201)
    .set('cache-control', 'no-store')
    .json({ id, name: body.name, key, store: { id: store.id, slug: store.slug, name: store.name }, scopes });
}

/** `GET /api/api-keys?store=`: those of one store, for its owners. */
export async function listApiKeys(web: Web, req: Request, res: Response): Promise<void> {
  const { id } = await keyStore(web, req);
  res.json({ apiKeys: (await web.apiKeys.list(id)).map(shown) });
}

export async function revokeApiKey(web: Web, req: Request, res: Response): Promise<void> {
  const { id } = await keyStore(web, req);
  await web.apiKeys.revoke(id, param(req, 'key'));
  await web.audit.record({
    storeId: id,
    principal: principalOf(req),
    action: 'api-key.revoke',
    target: param(req, 'key'),
    ip: req.ip,
  });
  res.status(204).end();
}

async function keyStore(web: Web, req: Request): Promise<{ id: string }> {
  const principal = principalOf(req);
  const named = queryText(req, 'store') ?? principal.storeId ?? (await web.stores.list(principal))[0]?.id;
  if (!named) throw new NotFound('You do not belong to a store yet; ask its owner to add you.');
  return web.stores.resolve(principal, named, 'manage');
}

async function byPassword(web: Web, req: Request): Promise<Principal> {
  const known = knownPrincipal(req);
  if (known) return known;
  const given = /^basic +([A-Za-z0-9+/=_-]+)$/i.exec(req.headers.authorization ?? '')?.[1];
  if (!given) throw notSignedIn('Send your email and password as Basic authorization.', 'Basic');
  const [email = '', password = ''] = Buffer.from(given, 'base64').toString('utf8').split(/:(.*)/s);
  const user = await web.throttle.guard({ email, ip: req.ip ?? '' }, () => web.accounts.verifyPassword(email, password));
  if (!user) throw notSignedIn('Email or password is not right.', 'Basic');
  return { kind: 'session', userId: user.id, email: user.email, operator: user.operator, scopes: SCOPES };
}

function shown({ storeId: _, ...key }: ApiKeyView): object {
  return key;
}
