import type { Egress } from '../egress/client.ts';
import { measure } from '../measure.ts';
import type { Registry, RunnablePlugin } from '../plugins/registry.ts';
import { hubError, type OAuth2, type OAuthTokens, ReconnectNeeded } from '../sdk/index.ts';
import type { AppFields } from './access.ts';
import type { Integration } from './integration-store.ts';
import type { Links } from './links.ts';
import { checkedTokens } from './shapes.ts';
import { askTokenEndpoint, type Client, lifetimeSeconds, refusalOf, tokenFields } from './token-endpoint.ts';

const TIMEOUT_MS = 25_000;

/** Asks a provider for a new pair; keeps nothing. */
export class Refresher {
  readonly #egress: Egress;
  readonly #links: Links;
  readonly #plugins: Pick<Registry, 'require'>;
  readonly #appFields: AppFields;

  constructor(parts: { egress: Egress; links: Links; plugins: Pick<Registry, 'require'>; appFields: AppFields }) {
    this.#egress = parts.egress;
    this.#links = parts.links;
    this.#plugins = parts.plugins;
    this.#appFields = parts.appFields;
  }

  /** @throws ReconnectNeeded when the grant is gone, TryLater when the provider cannot say */
  async refresh(integration: Integration, secrets: Readonly<Record<string, string>>): Promise<OAuthTokens> {
    const { pluginId: plugin } = integration;
    try {
      const tokens = await this.#refresh(integration, secrets);
      measure('refresh', { plugin, outcome: 'renewed' });
      return tokens;
    } catch (error) {
      measure('refresh', { plugin, outcome: hubError(error)?.consequence === 'reconnect-needed' ? 'refused' : 'failed' });
      throw error;
    }
  }

  async #refresh(integration: Integration, secrets: Readonly<Record<string, string>>): Promise<OAuthTokens> {
    const plugin = this.#plugins.require(integration.pluginId);
    const { manifest, handlers } = plugin.plugin;
    const accessToken = secrets['accessToken'] ?? '';
    const refreshToken = secrets['refreshToken'] ?? '';
    if (handlers.refresh) {
      const open = this.#links.open({
        plugin,
        method: 'oauth',
        budget: integration.account?.externalId ?? integration.id,
        vars: integration.account?.vars,
        timeoutMs: TIMEOUT_MS,
        fields: { integration: integration.id },
      });
      open.hide(Object.values(secrets));
      return open.run(async () => checkedTokens(await handlers.refresh?.(open.link, { accessToken, refreshToken })), 'refresh');
    }
    const auth = oauthOf(plugin);
    const app = await this.#appFields(plugin);
    const client: Client = { id: app['clientId'] ?? '', secret: app['clientSecret'] ?? '' };
    const params = { grant_type: 'refresh_token', refresh_token: refreshToken };
    const reply = await askTokenEndpoint(this.#egress, { plugin: plugin.id, auth, client, params });
    const fields = tokenFields(reply.text);
    if (reply.status < 200 || reply.status > 299 || typeof fields['access_token'] !== 'string') {
      const hidden = [accessToken, refreshToken, client.secret];
      throw refusalOf({ manifest, reply, explain: handlers.explain, secrets: hidden });
    }
    return checkedTokens({
      accessToken: fields['access_token'],
      refreshToken: fields['refresh_token'],
      expiresInSeconds: lifetimeSeconds(fields),
    });
  }
}

/** @throws ReconnectNeeded when a newer version of the plugin no longer knows OAuth */
export function oauthOf(plugin: RunnablePlugin): OAuth2 {
  const { manifest } = plugin.plugin;
  const auth = manifest.auth.find((way): way is OAuth2 => way.method === 'oauth');
  if (auth) return auth;
  throw new ReconnectNeeded(`${manifest.name} no longer connects by consent; connect it with its keys.`);
}
