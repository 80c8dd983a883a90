import { describe, expect, it } from '@jest/globals';
import { definePlugin, type Manifest } from '../sdk/index.ts';
import { appFields, missingAppFields, variableOf } from './app-fields.ts';

const manifest = {
  sdk: 1,
  name: 'Acme Ads',
  summary: 'Ads.',
  category: 'Advertising',
  docs: 'https://acme.example/docs',
  apiVersion: '1',
  baseUrl: 'https://api.acme.example',
  auth: [{ method: 'manual', title: 'Keys', guide: 'Copy.', fields: { type: 'object', properties: {} }, headers: {} }],
  config: { type: 'object', properties: {} },
  app: {
    type: 'object',
    required: ['clientId', 'clientSecret'],
    properties: {
      clientId: { type: 'string', title: 'Client ID' },
      clientSecret: { type: 'string', title: 'Client secret', 'x-secret': true },
      webhookPublicKey: { type: 'string', title: 'Webhook key', default: 'official' },
      retries: { type: 'integer', title: 'Retries', default: 3 },
      note: { type: 'string', title: 'Note' },
    },
  },
} as const satisfies Manifest;
const loaded = { id: 'acme-ads', plugin: definePlugin(manifest, { identify: async () => ({ externalId: '1', label: 'One' }) }) };
const off = { appFields: () => ({}) };

describe("the operator's app fields", () => {
  it('are named after the folder and the field', () => {
    expect(variableOf('acme-ads', 'clientId')).toBe('ACME_ADS_CLIENT_ID');
    expect(variableOf('acme', 'webhookPublicKey')).toBe('ACME_WEBHOOK_PUBLIC_KEY');
    expect(variableOf('acme', 'oauth2Url')).toBe('ACME_OAUTH2_URL');
  });

  it('say what to set where nothing is set', () => {
    expect(missingAppFields(loaded, { env: { ACME_ADS_CLIENT_ID: ' ' }, sandbox: off })).toEqual([
      { name: 'clientId', title: 'Client ID', variable: 'ACME_ADS_CLIENT_ID' },
      { name: 'clientSecret', title: 'Client secret', variable: 'ACME_ADS_CLIENT_SECRET' },
    ]);
  });

  it('set on the admin page come after the environment and before the simulator', () => {
    const page = {
      of: (plugin: string) => (plugin === 'acme-ads' ? { clientId: 'page', clientSecret: 'page', retries: '0' } : {}),
    };
    const sandbox = { appFields: () => ({ clientSecret: 'sim', webhookPublicKey: 'sim' }) };
    expect(appFields(loaded, { env: { ACME_ADS_CLIENT_ID: 'env' }, page, sandbox })).toEqual({
      clientId: 'env',
      clientSecret: 'page',
      webhookPublicKey: 'sim',
      retries: '0',
    });
    expect(missingAppFields(loaded, { env: {}, page, sandbox: off })).toEqual([]);
  });

  it('come from the environment first, then the simulator, then the manifest', () => {
    const sandbox = { appFields: () => ({ clientId: 'sim', clientSecret: 'sim', webhookPublicKey: 'sim', other: 'no' }) };
    expect(appFields(loaded, { env: { ACME_ADS_CLIENT_ID: ' env ' }, sandbox })).toEqual({
      clientId: 'env',
      clientSecret: 'sim',
      webhookPublicKey: 'sim',
      retries: '3',
    });
    expect(appFields(loaded, { env: {}, sandbox: off })).toEqual({ webhookPublicKey: 'official', retries: '3' });
    expect(missingAppFields(loaded, { env: {}, sandbox })).toEqual([]);
  });
});
