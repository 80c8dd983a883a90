import { createHash } from 'node:crypto';
import type { Integration } from '../integrations/integration-store.ts';
import type { ApiRoute, Call } from './api-route.ts';
import { changedMeanwhile } from './errors.ts';
import type { Web } from './services.ts';

/**
 * What may be edited of an integration, as a tag: what a sync or an event changes by itself is not in it, so that nobody is
 * told of a change that nobody made.
 */
export async function integrationTag({ web, integration }: { web: Web; integration: Integration }): Promise<string> {
  const { storeId, id } = integration;
  const { name, description, enabled, status, method, config, account } = await web.integrationStore.get(storeId, id);
  const sealed = await web.integrationStore.configSecrets(storeId, id);
  return tagOf([id, name, description, enabled, status, method, config, account?.externalId, sealed]);
}

export function tagOf(parts: unknown): string {
  return `"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22)}"`;
}

/** @throws Rejected (412) when `If-Match` names another state than the one there is now */
export async function checkTag(route: ApiRoute, call: Call): Promise<void> {
  const wanted = call.req.get('If-Match');
  if (!route.tagged || wanted === undefined || wanted.trim() === '*') return;
  const current = await route.tagged(call as never);
  if (!wanted.split(',').some((one) => one.trim() === current)) throw changedMeanwhile();
}

/** Sets the tag of what is there now; true where a 304 says all. */
export async function sendTagged(route: ApiRoute, call: Call): Promise<boolean> {
  const { req, res } = call;
  const tag = await route.tagged?.(call as never);
  if (tag === undefined) return false;
  res.set('etag', tag);
  if (req.method !== 'GET' || !req.fresh) return false;
  res.status(304).end();
  return true;
}
