import { createHash } from 'node:crypto';
import type { Integration } from '../../integrations/integration-store.ts';
import { changedMeanwhile, stillUnderWay } from '../http/errors.ts';
import type { Web } from '../services.ts';
import type { ApiRoute, Call, InIntegration } from './route.ts';

/**
 * What may be edited of an integration, as a tag: what a sync or an event changes by itself is not in it, so that nobody is
 * told of a change that nobody made.
 */
export async function integrationTag({ web, integration }: { web: Web; integration: Integration }): Promise<string> {
  const { storeId, id } = integration;
  const { name, description, enabled, conflictRule, status, method, config, account } = await web.integrationStore.get(
    storeId,
    id,
  );
  const sealed = await web.integrationStore.configSecrets(storeId, id);
  return tagOf([id, name, description, enabled, conflictRule, status, method, config, account?.externalId, sealed]);
}

export function tagOf(parts: unknown): string {
  return `"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22)}"`;
}

/**
 * Does what is asked for only where `If-Match`, if there is one, names the state there is; of several at once one is first.
 * @throws Rejected (412), or (409) when others keep changing it
 */
export async function ifUnchanged<T>(route: ApiRoute, call: Call, act: () => Promise<T>): Promise<T> {
  const wanted = call.req.get('If-Match');
  if (wanted === undefined || wanted.trim() === '*') return act();
  // Several addresses lead to one integration.
  const { integration } = call as Call & Partial<InIntegration>;
  const changed = integration?.id ?? Object.values(call.req.params).join(' ');
  const turn = await call.web.idempotencyKeys.inTurn(`change ${changed}`, async () => {
    const current = await route.tagged?.(call as never);
    if (!wanted.split(',').some((one) => one.trim() === current)) throw changedMeanwhile();
    return act();
  });
  if (!turn) throw stillUnderWay();
  return turn.answer;
}

/** Sets the tag of what is there now; true where a 304 says all. */
export async function sendTagged(route: ApiRoute, call: Call): Promise<boolean> {
  const { req, res } = call;
  const tag = await route.tagged?.(call as never);
  if (tag === undefined) return false;
  res.set('etag', tag);
  // Not Express's own check: clients that set the header by hand often ask for a fresh answer in the same breath.
  const known = (req.get('If-None-Match') ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
  if (req.method !== 'GET' || !known) return false;
  res.status(304).end();
  return true;
}
