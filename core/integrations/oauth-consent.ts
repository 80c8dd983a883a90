import { createHash, randomBytes } from 'node:crypto';
import type { Principal } from '../access/principal.ts';
import type { Egress } from '../egress/client.ts';
import { withoutSecrets } from '../egress/conceal.ts';
import type { EgressRoutes } from '../egress/routes.ts';
import type { RunnablePlugin } from '../plugins/registry.ts';
import { hubError, PluginFault, Rejected, sameText } from '../sdk/index.ts';
import type { Vault } from '../vault/secret.ts';
import type { AppFields } from './access.ts';
import type { Links } from './links.ts';
import type { NewCredential } from './new-credential.ts';
import { clientOf, credentialOf, grantOf, longLived } from './oauth-exchange.ts';
import type { OAuthRequest, OAuthRequestStore } from './oauth-request-store.ts';
import { checkReturn } from './oauth-return.ts';
import { type Driven, driveStrategy, type StateKeeper } from './oauth-strategy.ts';
import { oauthOf } from './refresher.ts';
import { connectRefusal } from './token-endpoint.ts';

export interface OAuthConsentOptions {
  readonly egress: Egress;
  readonly links: Links;
  readonly requests: OAuthRequestStore;
  readonly vault: Vault;
  readonly appFields: AppFields;
  /** Where the browser is sent for a provider's page: the same mapping as for calls, by addresses a browser can reach. */
  readonly browserRoutes: Pick<EgressRoutes, 'resolve'>;
  readonly publicUrl: string;
}

export interface ConsentFor {
  readonly plugin: RunnablePlugin;
  readonly storeId: string;
  readonly principal: Principal;
  /** What the browser's session proves itself by when it comes back. */
  readonly binding: string;
  readonly integrationId?: string | undefined;
  readonly name?: string | undefined;
}

export interface ConsentReturn {
  readonly plugin: RunnablePlugin;
  readonly query: Readonly<Record<string, string>>;
  readonly binding: string;
  readonly principal: Principal;
}

export interface Consented {
  readonly request: OAuthRequest;
  readonly credential: NewCredential;
  readonly grant: Readonly<Record<string, unknown>>;
}

interface Completing {
  readonly request: OAuthRequest;
  readonly secrets: string[];
}

interface Drive {
  readonly keeper: StateKeeper;
  readonly query: Readonly<Record<string, string>>;
  readonly callbackUrl: string;
}

const LIFETIME_SECONDS = 600;
const TIMEOUT_MS = 30_000;

/** Sends a browser to a provider's consent page, and makes a credential of what comes back. */
export class OAuthConsent {
  readonly #parts: OAuthConsentOptions;

  constructor(parts: OAuthConsentOptions) {
    this.#parts = parts;
  }

  /** The redirect URI to register at the provider. */
  callbackUrl(pluginId: string): string {
    return `${this.#parts.publicUrl}/integrations/${pluginId}/oauth/callback`;
  }

  /** @throws Rejected (`PLUGIN_UNAVAILABLE`) naming the settings when the operator's app is not set up */
  async begin(consent: ConsentFor): Promise<string> {
    const state = randomBytes(32).toString('base64url');
    const stateHash = hashOf(state);
    const { vault, requests, browserRoutes } = this.#parts;
    const callbackUrl = this.callbackUrl(consent.plugin.id);
    await requests.sweep();
    const store = async (verifier: string | undefined) => {
      const { storeId, principal, plugin, integrationId, name, binding } = consent;
      const place = { store: storeId, owner: `oauth:${stateHash}`, field: 'verifier' };
      await requests.insert({
        stateHash,
        storeId,
        userId: principal.userId,
        pluginId: plugin.id,
        integrationId,
        name,
        binding: hashOf(binding),
        verifier: verifier === undefined ? undefined : await vault.seal(place, verifier),
        redirectUri: callbackUrl,
        lifetimeSeconds: LIFETIME_SECONDS,
      });
      return state;
    };
    const driven = await this.#drive(consent.plugin, { keeper: { store, verifier: undefined }, query: {}, callbackUrl });
    if ('redirect' in driven) return browserRoutes.resolve(new URL(driven.redirect), consent.plugin.id).href;
    throw failureOf(consent.plugin, driven, []);
  }

  /**
   * Uses up the state, whatever came with it, then checks everything that came.
   * @throws Rejected saying precisely what is wrong; nothing is kept then
   */
  async finish(came: ConsentReturn): Promise<Consented> {
    const request = await this.#consume(came);
    const secrets = [came.query['code'] ?? '', came.query['state'] ?? ''];
    return withoutSecrets(secrets, () => this.#complete(came, { request, secrets }));
  }

  /** @param secrets to which it adds every one it meets: what is thrown says none of them */
  async #complete({ plugin, query }: ConsentReturn, { request, secrets }: Completing): Promise<Consented> {
    const { manifest } = plugin.plugin;
    const auth = oauthOf(plugin);
    checkReturn(manifest, auth, query);
    const { storeId, stateHash, verifier: sealed } = request;
    const place = { store: storeId, owner: `oauth:${stateHash}`, field: 'verifier' };
    const verifier = sealed === null ? undefined : await this.#parts.vault.open(place, sealed);
    const store = async () => {
      throw new PluginFault(`${manifest.name}: the strategy asked for consent again instead of using the code.`);
    };
    const client = clientOf(plugin, await this.#parts.appFields(plugin));
    secrets.push(verifier ?? '', client.secret);
    const driven = await this.#drive(plugin, { keeper: { store, verifier }, query, callbackUrl: request.redirectUri });
    if (!('exchanged' in driven)) throw failureOf(plugin, driven, secrets);
    secrets.push(driven.exchanged.accessToken);
    const exchanged = await longLived({ plugin, auth, client, egress: this.#parts.egress }, driven.exchanged);
    const grant = grantOf(exchanged, [driven.exchanged.accessToken]);
    const credential = credentialOf(auth, manifest.name, exchanged);
    // Kept beside the tokens: a later test identifies the account by the same facts.
    return { request, credential: { ...credential, secrets: { ...credential.secrets, grant: JSON.stringify(grant) } }, grant };
  }

  async #consume({ plugin, query, binding, principal }: ConsentReturn): Promise<OAuthRequest> {
    const { name } = plugin.plugin.manifest;
    const again = `Start connecting ${name} again.`;
    const request = query['state'] ? await this.#parts.requests.consume(hashOf(query['state'])) : undefined;
    if (!request) throw new Rejected(`This sign-in was not begun here, or too long ago. ${again}`);
    if (request.wasUsed) throw new Rejected(`This sign-in was used already; nothing was done a second time. ${again}`);
    if (request.expired) throw new Rejected(`This sign-in took longer than ten minutes. ${again}`);
    if (request.pluginId !== plugin.id) throw new Rejected(`This sign-in was begun for another provider. ${again}`);
    if (!sameText(request.binding, hashOf(binding)) || request.userId !== principal.userId) {
      throw new Rejected(`This sign-in was begun in another browser or by another person. ${again}`, { code: 'FORBIDDEN' });
    }
    return request;
  }

  async #drive(plugin: RunnablePlugin, { keeper, query, callbackUrl }: Drive): Promise<Driven> {
    const { egress, links, appFields } = this.#parts;
    const { manifest, handlers } = plugin.plugin;
    const auth = oauthOf(plugin);
    const app = await appFields(plugin);
    const client = clientOf(plugin, app);
    const configuration = auth.scopesFrom && app[auth.scopesFrom.field];
    const { run } = links.open({ plugin, method: 'oauth', budget: 'sign-in', timeoutMs: TIMEOUT_MS });
    const wanted = { plugin: plugin.id, manifest, handlers, auth, client, configuration, callbackUrl, egress, keeper };
    return run(() => driveStrategy(wanted, query), 'strategy');
  }
}

function failureOf(plugin: RunnablePlugin, driven: Driven, secrets: readonly string[]): unknown {
  if ('ours' in driven) return driven.ours;
  const { manifest, handlers } = plugin.plugin;
  if (!('failure' in driven)) return new PluginFault(`${manifest.name}: the sign-in ended in a way the hub does not know.`);
  const { failure, reply } = driven;
  const known = hubError(failure) ?? hubError((failure as { oauthError?: unknown } | null)?.oauthError);
  if (known) return known;
  if (reply) return connectRefusal({ manifest, reply, explain: handlers.explain, secrets });
  const said = failure instanceof Error || (failure as Error | null)?.message ? (failure as Error).message : 'no reason given';
  return new PluginFault(`${manifest.name}: the sign-in failed (${said}).`, { cause: failure });
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
