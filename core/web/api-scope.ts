import type { Request } from 'express';
import type { Principal } from '../access/principal.ts';
import type { Need, StoreView } from '../access/stores.ts';
import type { Integration } from '../integrations/integration-store.ts';
import { hubError, NotFound, Rejected } from '../sdk/errors.ts';
import { principalOf, requireStore } from './guard.ts';
import { param } from './request.ts';
import type { Web } from './services.ts';

/** Whose integration it is, found and allowed. */
export interface Scope {
  readonly principal: Principal;
  readonly store: StoreView;
  readonly integration: Integration;
}

/** `/api/stores/:store/integrations/:integration…`: an id, or the plugin's id where the store has exactly one. */
export async function integrationScope(web: Web, req: Request, need: Need): Promise<Scope> {
  const store = await requireStore(web, req, need);
  const integration = await web.integrationStore.find(store.id, param(req, 'integration'));
  return { principal: principalOf(req), store, integration };
}

/**
 * The store of a flat call: the one named, else the API key's, else the caller's only one.
 * @throws Rejected when it is not clear which one is meant
 */
export async function flatStore(web: Web, req: Request, named: string | undefined, need: Need): Promise<StoreView> {
  const principal = principalOf(req);
  const store = named ?? principal.storeId;
  if (store) return web.stores.resolve(principal, store, need);
  const [only, second] = await web.stores.list(principal);
  if (!only) throw new NotFound('You do not belong to a store yet; ask its owner to add you.');
  if (second) {
    const message = 'You belong to several stores; say which one in "storeId".';
    throw new Rejected(message, { fields: [{ pointer: '/storeId', message }] });
  }
  return web.stores.resolve(principal, only.id, need);
}

/** An integration named without its store: looked for in the caller's stores only. */
export async function flatIntegration(web: Web, req: Request, id: string, need: Need): Promise<Scope> {
  const principal = principalOf(req);
  for (const { id: storeId } of await web.stores.list(principal)) {
    const integration = await ifFound(web.integrationStore.find(storeId, id));
    if (integration) return { principal, integration, store: await web.stores.resolve(principal, storeId, need) };
  }
  throw new NotFound(`There is no integration "${id.slice(0, 60)}" in your stores.`);
}

async function ifFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (hubError(error)?.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}
