import type { Request } from 'express';
import { hubError } from '../../sdk/errors.ts';
import { identify, usesHeader } from '../http/guard.ts';
import type { StoreCall } from './route.ts';

/** Would this caller be let into this store now as well? Where that cannot be found out, yes: no answer goes on for long. */
export async function isStillAllowed({ web, req, store }: Pick<StoreCall, 'web' | 'req' | 'store'>): Promise<boolean> {
  try {
    if (!usesHeader(req) && !(await isSessionKept(req))) return false;
    const principal = await identify(web, req);
    if (principal) await web.stores.resolve(principal, store.id, 'view');
    return principal !== undefined;
  } catch (error) {
    return hubError(error) === undefined;
  }
}

/** Looked up without loading it: an answer that ends writes back what it has loaded. */
function isSessionKept(req: Request): Promise<boolean> {
  return new Promise((resolve, reject) => {
    req.sessionStore.get(req.sessionID, (error: unknown, kept) => (error ? reject(error) : resolve(kept?.userId !== undefined)));
  });
}
