import type { Principal } from '../../access/principal.ts';
import type { Need, StoreView } from '../../access/stores.ts';
import type { Integration } from '../../integrations/integration-store.ts';
import { hubError, NotFound, Rejected } from '../../sdk/errors.ts';
import { requireStore } from '../http/guard.ts';
import { param } from '../http/request.ts';
import type { Web } from '../services.ts';
import type { Call, InIntegration, InStore, Place } from './route.ts';

/** `/api/stores/:store…`: an id or slug. */
export const inStore: Place<InStore> = {
  byContent: false,
  find: async ({ web, req }, need) => ({ store: await requireStore(web, req, need) }),
};

/** `/api/stores/:store/integrations/:integration…`: an id, or the plugin's id where the store has exactly one. */
export const inIntegration: Place<InIntegration> = {
  byContent: false,
  async find({ web, req }, need) {
    const store = await requireStore(web, req, need);
    return { store, integration: await web.integrationStore.find(store.id, param(req, 'integration')) };
  },
};

/** The store of a flat call: the one named by `storeId`, else the API key's, else the caller's only one. */
export const inFlatStore: Place<InStore> = {
  byContent: true,
  async find({ web, principal, query, body }, need) {
    const { storeId = (body as Named | undefined)?.storeId } = (query ?? {}) as Named;
    return { store: await flatStore(web, principal, { named: storeId, need }) };
  },
};

/** An integration named without its store, by the path or by `integrationId`: looked for in the caller's stores only. */
export const inFlatIntegration: Place<InIntegration> = {
  byContent: true,
  find: (call, need) => flatIntegration(call, need),
};

interface Named {
  readonly storeId?: string;
  readonly integrationId?: string;
}

/** @throws Rejected when it is not clear which one is meant */
async function flatStore(
  web: Web,
  principal: Principal,
  { named, need }: { named: string | undefined; need: Need },
): Promise<StoreView> {
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

async function flatIntegration({ web, req, principal, body }: Call, need: Need): Promise<InIntegration> {
  const id = param(req, 'id') || ((body as Named | undefined)?.integrationId ?? '');
  for (const { id: storeId } of await web.stores.list(principal)) {
    const integration = await ifFound(web.integrationStore.find(storeId, id));
    if (integration) return { integration, store: await web.stores.resolve(principal, storeId, need) };
  }
  throw new NotFound(`There is no integration "${id.slice(0, 60)}" in your stores.`);
}

/** For operators: an integration of any store. */
export const anywhere: Place<{ integration: Integration }> = {
  byContent: false,
  async find({ web, req }) {
    const id = param(req, 'id');
    const storeId = await web.census.storeOf(id);
    if (storeId) return { integration: await web.integrationStore.get(storeId, id) };
    throw new NotFound(`There is no integration "${id.slice(0, 60)}".`);
  },
};

async function ifFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (hubError(error)?.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}
