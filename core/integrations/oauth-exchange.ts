import type { Egress } from '../egress/client.ts';
import { variableOf } from '../plugins/app-fields.ts';
import type { RunnablePlugin } from '../plugins/registry.ts';
import { type OAuth2, Rejected } from '../sdk/index.ts';
import type { NewCredential } from './new-credential.ts';
import { grantedScopes } from './oauth-return.ts';
import type { Exchanged } from './oauth-strategy.ts';
import { checkedGrant } from './shapes.ts';
import { askTokenEndpoint, type Client, connectRefusal, lifetimeSeconds, tokenFields } from './token-endpoint.ts';

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

/** @param name of the provider */
export function credentialOf(auth: OAuth2, name: string, { accessToken, refreshToken, fields }: Exchanged): NewCredential {
  const lifetime = lifetimeSeconds(fields);
  // Where only the owner's consent renews, what the provider calls a refresh token is of no use.
  const renewable = auth.renewal?.by !== 'owner';
  return {
    method: 'oauth',
    secrets: { accessToken, ...(renewable && refreshToken && { refreshToken }) },
    grantedScopes: grantedScopes(auth, name, fields['scope'] ?? fields['scopes']),
    expiresAt: lifetime === undefined ? undefined : new Date(Date.now() + lifetime * 1000),
  };
}

/** The token response without anything that is, or holds, a token. @param before further tokens it must not hold */
export function grantOf({ fields, accessToken, refreshToken }: Exchanged, before: readonly string[]): Record<string, unknown> {
  const tokens: unknown[] = [accessToken, refreshToken, ...before];
  return Object.fromEntries(Object.entries(checkedGrant(fields)).filter(([, value]) => !tokens.includes(value)));
}

/** The operator's app. @throws Rejected naming the settings that are missing */
export function clientOf(plugin: RunnablePlugin, app: Readonly<Record<string, string>>): Client {
  const missing = ['clientId', 'clientSecret'].filter((field) => !app[field]).map((field) => variableOf(plugin.id, field));
  if (missing.length === 0) return { id: app['clientId'] ?? '', secret: app['clientSecret'] ?? '' };
  throw new Rejected(
    `${plugin.plugin.manifest.name} cannot be connected yet: the operator of this hub must set ${missing.join(' and ')}.`,
    { code: 'PLUGIN_UNAVAILABLE' },
  );
}
