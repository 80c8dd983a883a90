import type { Audit } from '../access/audit.ts';
import type { Principal } from '../access/principal.ts';
import type { Stores, StoreView } from '../access/stores.ts';
import type { FormChecker } from '../plugins/form-check.ts';
import type { Registry, RunnablePlugin } from '../plugins/registry.ts';
import { type Form, type Keys, NotFound, Rejected } from '../sdk/index.ts';
import { keysOf, manualHeaders } from './access.ts';
import { type AccountConnect, type Attempt, type Connected, checkedName } from './account-connect.ts';
import { labelOf } from './integration.ts';
import type { IntegrationStore } from './integration-store.ts';
import { type NewCredential, openFields, withEnds } from './new-credential.ts';
import type { OAuthConsent } from './oauth-consent.ts';
import { notAllowed } from './oauth-return.ts';
import { oauthOf } from './refresher.ts';

export type { Connected } from './account-connect.ts';

export interface ConnectOptions {
  readonly plugins: Pick<Registry, 'require' | 'template'>;
  readonly store: IntegrationStore;
  readonly stores: Pick<Stores, 'resolve'>;
  readonly forms: FormChecker;
  readonly accounts: Pick<AccountConnect, 'connect'>;
  readonly consent: OAuthConsent;
  readonly audit: Audit;
}

interface Begin {
  readonly store: Pick<StoreView, 'id'>;
  readonly principal: Principal;
  readonly pluginId: string;
  /** Of a new integration; default: the account's label. */
  readonly name?: string | undefined;
  /** Reconnect this one. */
  readonly integrationId?: string | undefined;
}

/** See {@link Attempt}. */
type Settings = Pick<Attempt, 'settingsFirst'>;

export interface ManualConnect extends Begin, Settings {
  /** As a JSON caller sends them; faults point to `/fields/…`. */
  readonly fields: unknown;
}

export interface OAuthInitiate extends Begin {
  /** What the browser's session proves itself by; the callback must bring the same. */
  readonly binding: string;
}

export interface OAuthCallback extends Settings {
  readonly pluginId: string;
  readonly query: Readonly<Record<string, string>>;
  readonly binding: string;
  readonly principal: Principal;
}

/** The two ways to connect an account, and to reconnect one. */
export class Connect {
  readonly #parts: ConnectOptions;

  constructor(parts: ConnectOptions) {
    this.#parts = parts;
  }

  /** Can this be begun at all? @throws as the two ways do before they ask anything of the provider */
  async check(begin: Omit<Begin, 'principal'>): Promise<void> {
    await this.#plugin(begin);
  }

  /**
   * @throws Rejected `CONFIG_SCHEMA_INVALID` for fields the form does not take, `INVALID_CREDENTIALS` when they are not what
   * the provider accepts, `CONFLICT` when the account is connected already; nothing is kept then
   */
  async manual(input: ManualConnect): Promise<Connected> {
    const plugin = await this.#plugin(input);
    await this.#begun(input, 'manual');
    const auth = keysOf(plugin);
    const fields = this.#checkedFields(auth, withEnds(auth.fields, input.fields));
    if (!plugin.plugin.handlers.authorize) manualHeaders(auth, fields);
    const { principal, integrationId, name, settingsFirst } = input;
    const attempt = { storeId: input.store.id, principal, plugin, integrationId, name, settingsFirst };
    return this.#parts.accounts.connect({ ...attempt, credential: credentialOf(fields), grant: openFields(auth, fields) });
  }

  /** @throws Rejected `PLUGIN_UNAVAILABLE` while the operator's own app is not set up */
  async oauthInitiate(input: OAuthInitiate): Promise<{ authorizeUrl: string }> {
    const plugin = await this.#plugin(input);
    oauthWay(plugin);
    await this.#begun(input, 'oauth');
    const { principal, binding, integrationId, name } = input;
    const authorizeUrl = await this.#parts.consent.begin({
      plugin,
      storeId: input.store.id,
      principal,
      binding,
      integrationId,
      name: checkedName(name),
    });
    return { authorizeUrl };
  }

  /** @throws Rejected in words for the person who came back from the provider; nothing is changed then */
  async oauthCallback(came: OAuthCallback): Promise<Connected & { storeSlug: string }> {
    const plugin = this.#usable(came.pluginId);
    oauthWay(plugin);
    const { request, credential, grant } = await this.#parts.consent.finish({ ...came, plugin });
    const { principal } = came;
    // Asked again: what the person may do can have changed since the consent was begun.
    const store = await this.#parts.stores.resolve(principal, request.storeId, 'manage');
    const missing = notAllowed(oauthOf(plugin), credential.grantedScopes);
    const connected = await this.#parts.accounts.connect({
      storeId: store.id,
      principal,
      plugin,
      credential,
      grant,
      integrationId: request.integrationId ?? undefined,
      name: request.name ?? undefined,
      settingsFirst: came.settingsFirst,
    });
    return { ...connected, test: saying(connected, missing), storeSlug: store.slug };
  }

  /** How many of those who begin come to an end is worth knowing. */
  async #begun({ store, principal, pluginId, integrationId }: Begin, method: 'manual' | 'oauth'): Promise<void> {
    const entry = { storeId: store.id, principal, action: 'integration.connect-begin' };
    await this.#parts.audit.record({ ...entry, target: integrationId, detail: { plugin: pluginId, method } });
  }

  async #plugin({ pluginId, integrationId, store, name }: Omit<Begin, 'principal'>): Promise<RunnablePlugin> {
    const plugin = this.#usable(pluginId);
    checkedName(name);
    if (integrationId === undefined) return plugin;
    const integration = await this.#parts.store.get(store.id, integrationId);
    if (integration.pluginId === pluginId) return plugin;
    throw new NotFound(`"${integration.name}" is not an integration of ${plugin.plugin.manifest.name}.`);
  }

  /** @throws NotFound for an unknown id, Rejected (`PLUGIN_UNAVAILABLE`) for one that cannot be connected now */
  #usable(pluginId: string): RunnablePlugin {
    const template = this.#parts.plugins.template(pluginId);
    if (template?.state === 'coming-soon') throw unavailable(`${template.name} is coming soon; it cannot be connected yet.`);
    if (template?.active === false) throw unavailable(`${template.name} is switched off by the operator of this hub.`);
    return this.#parts.plugins.require(pluginId);
  }

  /** A value of the wrong form is a wrong request; one that merely cannot be a key of this provider is a wrong key. */
  #checkedFields(auth: Keys, fields: unknown): Record<string, unknown> {
    const { forms } = this.#parts;
    forms.check(lenient(auth.fields), fields, { pointer: '/fields', code: 'CONFIG_SCHEMA_INVALID' });
    return forms.check(auth.fields, fields, { pointer: '/fields', code: 'INVALID_CREDENTIALS' });
  }
}

const lenientForms = new WeakMap<Form, Form>();

/** The form without its rules on how a text must look. */
function lenient(form: Form): Form {
  const known = lenientForms.get(form);
  if (known) return known;
  const properties = Object.entries(form.properties).map(([name, field]) => {
    if (field.type !== 'string') return [name, field] as const;
    const { pattern: _, 'x-pattern-message': __, minLength: ___, maxLength: ____, format: _____, ...rest } = field;
    return [name, rest] as const;
  });
  const loose: Form = { ...form, properties: Object.fromEntries(properties) };
  lenientForms.set(form, loose);
  return loose;
}

function credentialOf(fields: Readonly<Record<string, unknown>>): NewCredential {
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return {
    method: 'manual',
    secrets: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, text(value)])),
    grantedScopes: [],
    expiresAt: undefined,
  };
}

/** What is said once, on connecting. */
function saying({ integration, test }: Connected, more: string | undefined): Connected['test'] {
  return more ? { ...test, message: `${test.message ?? `Connected to ${labelOf(integration)}.`} ${more}`, partly: true } : test;
}

/** @throws Rejected when the plugin has no consent page */
function oauthWay(plugin: RunnablePlugin): void {
  const { manifest } = plugin.plugin;
  if (manifest.auth.some(({ method }) => method === 'oauth')) return;
  throw new Rejected(`${manifest.name} has no consent page; connect it with its keys.`);
}

function unavailable(message: string): Rejected {
  return new Rejected(message, { code: 'PLUGIN_UNAVAILABLE' });
}
