import type { Request } from 'express';
import type { StoreView } from '../../access/stores.ts';
import type { Web } from '../services.ts';

const asked = new WeakMap<Request, Promise<StoreView[]>>();

/** Those of who is signed in; asked once a request. */
export function storesOf(web: Web, req: Request, principal: Parameters<Web['stores']['list']>[0]): Promise<StoreView[]> {
  const stores = asked.get(req) ?? web.stores.list(principal);
  asked.set(req, stores);
  return stores;
}

/** The one pages are about: the chosen one, else the first. */
export function chosenStore(req: Request, stores: readonly StoreView[]): StoreView | undefined {
  return stores.find(({ id }) => id === req.session?.storeId) ?? stores[0];
}
