import type { Egress, RawReply } from '../egress/client.ts';
import type { RunnablePlugin } from '../plugins/registry.ts';
import type { OAuth2 } from '../sdk/index.ts';
import type { Exchanged } from './oauth-strategy.ts';
import { type Client, clientParts, connectRefusal, TOKEN_TIMEOUT_MS, tokenFields } from './token-endpoint.ts';

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
  const { plugin, auth, client } = wanted;
  if (!auth.exchange) return first;
  const reply = await ask(wanted, auth.exchange, first.accessToken);
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

function ask(
  { plugin, auth, client, egress, signal }: ExchangeFor,
  { grantType, tokenParam, method = 'POST' }: NonNullable<OAuth2['exchange']>,
  token: string,
): Promise<RawReply> {
  const { body, headers } = clientParts(auth, client, { grant_type: grantType, [tokenParam]: token });
  const url = new URL(auth.tokenUrl);
  if (method === 'GET') for (const [name, value] of new URLSearchParams(body)) url.searchParams.set(name, value);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  return egress.send({
    plugin: plugin.id,
    url,
    method,
    headers: { ...(method === 'POST' && form), ...headers },
    ...(method === 'POST' && { body }),
    timeoutMs: TOKEN_TIMEOUT_MS,
    hosts: [url.host],
    ...(signal && { signal }),
  });
}
