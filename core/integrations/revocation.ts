import type { Egress, RawReply } from '../egress/client.ts';
import { secretParts } from '../egress/redact.ts';
import { providerMessage, unbranded } from '../egress/wording.ts';
import type { Registry, RunnablePlugin } from '../plugins/registry.ts';
import { hubError, type OAuth2 } from '../sdk/index.ts';
import type { Vault } from '../vault/secret.ts';
import type { AppFields } from './access.ts';
import type { CredentialStore } from './credential-store.ts';
import type { Integration } from './integration-store.ts';
import { askTokenEndpoint, tokenFields } from './token-endpoint.ts';

export interface RevocationOptions {
  readonly egress: Egress;
  readonly plugins: Pick<Registry, 'get'>;
  readonly credentials: CredentialStore;
  readonly vault: Vault;
  readonly appFields: AppFields;
}

interface Revoked {
  readonly plugin: RunnablePlugin;
  readonly auth: OAuth2;
  readonly token: string;
}

const TIMEOUT_MS = 10_000;

/** Hands a token back at the provider's revocation endpoint (RFC 7009), where the manifest names one. */
export class Revocation {
  readonly #parts: RevocationOptions;

  constructor(parts: RevocationOptions) {
    this.#parts = parts;
  }

  /** Never rejects. @returns why it could not be done, in words; undefined when it was, or when there is nothing to revoke */
  async revoke(integration: Integration): Promise<string | undefined> {
    const plugin = this.#parts.plugins.get(integration.pluginId);
    const auth = plugin?.plugin.manifest.auth.find((way): way is OAuth2 => way.method === 'oauth');
    if (!plugin || !auth?.revokeUrl || integration.method !== 'oauth') return undefined;
    try {
      const token = await this.#token(integration);
      return token === undefined ? undefined : await this.#ask(auth.revokeUrl, { plugin, auth, token });
    } catch (error) {
      return hubError(error)?.message ?? 'it failed';
    }
  }

  /** The refresh token where there is one: its end is the end of the access tokens that came from it (section 2.1). */
  async #token({ storeId, id }: Integration): Promise<string | undefined> {
    const credential = await this.#parts.credentials.get({ storeId, integrationId: id });
    if (credential?.method !== 'oauth') return undefined;
    const { accessToken, refreshToken } = await this.#parts.vault.openAll({ store: storeId, owner: id }, credential.secrets);
    return refreshToken || accessToken;
  }

  async #ask(url: string, { plugin, auth, token }: Revoked): Promise<string | undefined> {
    const { clientId: id = '', clientSecret: secret = '' } = await this.#parts.appFields(plugin);
    const reply = await askTokenEndpoint(this.#parts.egress, {
      plugin: plugin.id,
      auth: { ...auth, tokenParams: {} },
      client: { id, secret },
      params: { token },
      url,
      timeoutMs: TIMEOUT_MS,
    });
    return isGone(reply) ? undefined : this.#refusal(plugin, reply, [token, secret]);
  }

  #refusal({ plugin: { manifest } }: RunnablePlugin, reply: RawReply, secrets: readonly string[]): string {
    const said = providerMessage(tokenFields(reply.text), secretParts(secrets));
    const words = said ? `: ${unbranded(said, manifest.name, manifest.whiteLabel?.never)}` : '';
    return `${manifest.name} answered ${reply.status}${words}`;
  }
}

/** Section 2.2: a token that is not known is as good as revoked; some say so with a status of their own. */
function isGone({ status, text }: RawReply): boolean {
  return (status >= 200 && status < 300) || ['invalid_token', 'invalid_grant'].includes(String(tokenFields(text)['error']));
}
