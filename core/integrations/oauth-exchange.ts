import type { Egress } from '../egress/client.ts';
import type { RunnablePlugin } from '../plugins/registry.ts';
import type { OAuth2 } from '../sdk/index.ts';
import type { Exchanged } from './oauth-strategy.ts';
import { askTokenEndpoint, type Client, connectRefusal, tokenFields } from './token-endpoint.ts';

export interface ExchangeFor {
  readonly plugin: RunnablePlugin;
  readonly auth: OAuth2;
  readonly client: Client;
  readonly egress: Egress;
  readonly signal?: AbortSignal;
}

/**
 * The long-lived token for the one the code brought, where the manifest declares an `exchange`. What the first answer said
 * of the account stays in the grant; how long the token lives is what the second one says.
 * @throws Rejected in words for the person who connects, TryLater when the provider cannot be reached
 */
export async function longLived(wanted: ExchangeFor, first: Exchanged): Promise<Exchanged> {
  const { plugin, auth, client, egress, signal } = wanted;
  if (!auth.exchange) return first;
  const { grantType, tokenParam, method } = auth.exchange;
  const params = { grant_type: grantType, [tokenParam]: first.accessToken };
  const reply = await askTokenEndpoint(egress, { plugin: plugin.id, auth, client, params, method, signal });
  const fields = tokenFields(reply.text);
  const { access_token: accessToken, refresh_token: refreshToken } = fields;
  if (reply.status < 200 || reply.status > 299 || typeof accessToken !== 'string' || accessToken === '') {
    const { manifest, handlers } = plugin.plugin;
    throw connectRefusal({ manifest, reply, explain: handlers.explain, secrets: [first.accessToken, client.secret] });
  }
  const { expires_in: _, ...said } = first.fields;
  return {
    accessToken,
    refreshToken: typeof refreshToken === 'string' && refreshToken ? refreshToken : first.refreshToken,
    fields: { ...said, ...fields },
  };
}
