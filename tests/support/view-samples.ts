import { type Health, verdict } from '../../core/integrations/health.ts';
import type { Integration } from '../../core/integrations/integration-store.ts';
import type { LoadedPlugin, Template } from '../../core/plugins/registry.ts';
import type { Form, Manifest } from '../../core/sdk/index.ts';
import { acmePlugin } from './fake-plugin.ts';

const KEYS = {
  type: 'object',
  required: ['token', 'location'],
  properties: {
    token: { type: 'string', title: 'Token', 'x-secret': true },
    location: { type: 'string', title: 'Location', description: 'Twenty letters and digits.' },
  },
} satisfies Form;

export const sampleManifest: Manifest = {
  sdk: 1,
  name: 'Acme',
  summary: 'Contacts and more.',
  category: 'CRM',
  docs: 'https://acme.example/docs',
  apiVersion: '1',
  baseUrl: 'https://api.acme.example',
  auth: [
    {
      method: 'oauth',
      title: 'Connect with Acme',
      guide: 'Press **Allow**. The address is `{{redirectUri}}`.',
      authorizeUrl: 'https://acme.example/authorize',
      tokenUrl: 'https://acme.example/token',
      scopes: [{ name: 'contacts.read', reason: 'Read your contacts.' }],
    },
    { method: 'manual', title: 'Use a token', guide: 'Copy the token.', fields: KEYS, headers: {} },
  ],
  config: { type: 'object', properties: { streams: { type: 'array', title: 'What to sync', items: { type: 'string' } } } },
};

const loaded: LoadedPlugin = {
  id: 'acme',
  dir: '/plugins/acme',
  hash: 'abcdef0123456789',
  generation: 1,
  icon: '<svg xmlns="http://www.w3.org/2000/svg"/>',
  sandbox: undefined,
  loadedAt: new Date(0),
  plugin: {
    manifest: sampleManifest,
    handlers: {
      identify: async () => ({ externalId: 'x', label: 'X' }),
      streams: { contacts: { title: 'Contacts', async *sync() {} }, messages: { title: 'Messages' } },
    },
  },
};

/** A plugin's card as the registry gives it; for tests of what pages make of it. */
export function sampleTemplate(change: Partial<Template>): Template {
  return {
    id: 'acme',
    state: 'ready',
    active: true,
    name: 'Acme',
    summary: 'Contacts and more.',
    category: 'CRM',
    error: undefined,
    manifest: sampleManifest,
    loaded,
    icon: loaded.icon,
    iconVersion: 'abcdef012345',
    overrides: {},
    ...change,
  };
}

export function sampleIntegration(change: Partial<Integration>): Integration {
  return {
    id: '0193a7b0-0000-7000-8000-000000000001',
    storeId: '0193a7b0-0000-7000-8000-0000000000aa',
    pluginId: 'acme',
    name: 'Acme',
    description: undefined,
    status: 'active',
    enabled: true,
    reasonCode: undefined,
    message: undefined,
    method: 'oauth',
    account: { externalId: 'acc-1', label: 'Blue Fitness' },
    config: {},
    configVersion: 1,
    counts: {},
    conflictRule: 'provider',
    sandbox: false,
    webhookKey: 'key',
    webhookSubscription: undefined,
    webhookProblem: undefined,
    connectedAt: new Date('2026-11-20T10:00:00Z'),
    lastTestedAt: undefined,
    lastSyncedAt: undefined,
    lastEventAt: undefined,
    createdAt: new Date('2026-11-20T10:00:00Z'),
    updatedAt: new Date('2026-11-20T10:00:00Z'),
    ...change,
  };
}

export function sampleHealth(change: Partial<Health>): Health {
  return {
    state: 'good',
    reason: null,
    nextStep: null,
    fix: null,
    todo: [],
    connection: { status: 'active', lastTestedAt: new Date('2026-11-20T10:00:00Z'), message: null },
    token: null,
    webhooks: null,
    budget: null,
    syncs: { running: 0, succeeded: 0, partial: 0, failed: 0, lastSyncedAt: null, successShare: null, lastFailure: null },
    ...change,
  };
}

/** As it is where nothing but what the integration says is known of it. */
export function healthLike(integration: Integration, change: Partial<Health> = {}): Health {
  const health = sampleHealth(change);
  return { ...health, ...verdict(integration, acmePlugin(), health) };
}
