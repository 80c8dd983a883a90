import { describe, expect, it } from '@jest/globals';
import { sampleIntegration, sampleManifest, sampleTemplate } from '../../../tests/support/view-samples.ts';
import { type PluginInput, pluginPage, waitWords } from './plugin-view.ts';
import { sandboxPage } from './sandbox-view.ts';
import { connectedSentence } from './sentences.ts';

const input = (change: Partial<PluginInput>): PluginInput => ({
  template: sampleTemplate({}),
  connections: [],
  vars: { redirectUri: 'https://hub.example/back', webhookUrl: 'https://hub.example/hooks', brand: 'Hub' },
  viewer: { operator: false, manage: true },
  missing: [],
  sandbox: false,
  ...change,
});
const missing = [{ name: 'clientId', title: 'Client ID', variable: 'ACME_CLIENT_ID' }];
const operator = { operator: true, manage: true };

describe('the page of a plugin', () => {
  it('shows both ways to connect, the recommended one first', () => {
    const { methods } = pluginPage(input({}));
    expect(methods.map(({ id, recommended, action }) => [id, recommended, action])).toEqual([
      ['oauth', true, '/integrations/acme/oauth/initiate'],
      ['manual', false, '/integrations/acme/manual/connect'],
    ]);
    expect(methods[0]?.scopes).toEqual([{ name: 'contacts.read', reason: 'Read your contacts.', optional: false }]);
  });

  it('says what one gets, from what the plugin can do', () => {
    expect(pluginPage(input({})).gains).toEqual(['Your contacts, copied here and kept up to date.']);
    const loaded = sampleTemplate({}).loaded;
    if (!loaded?.plugin.handlers) throw new Error('no plugin');
    const webhook = { scope: 'app' as const, retryStatus: 503, verify: () => false, events: () => [] };
    const plugin = { manifest: sampleManifest, handlers: { ...loaded.plugin.handlers, webhook } };
    expect(pluginPage(input({ template: sampleTemplate({ loaded: { ...loaded, plugin } }) })).gains).toEqual([
      'Your contacts, copied here and kept up to date.',
      'Changes that Acme reports by itself arrive here within seconds.',
      'New messages as they happen.',
    ]);
  });

  it('gives back what was typed beside what was wrong, but no secret', () => {
    const tried = {
      method: 'manual' as const,
      values: { token: 'hunter2', location: 'abc' },
      faults: [{ pointer: '/fields/token', message: 'Token is required.' }],
      message: 'Please look at the marked fields.',
    };
    const page = pluginPage(input({ tried }));
    const manual = page.methods.find(({ id }) => id === 'manual');
    expect(manual?.error).toBe('Please look at the marked fields.');
    expect(manual?.fields.map(({ value, error }) => [value, error])).toEqual([
      ['', 'Token is required.'],
      ['abc', undefined],
    ]);
    expect(page.methods.find(({ id }) => id === 'oauth')?.error).toBeUndefined();
    expect(JSON.stringify(page)).not.toContain('hunter2');
  });

  it('closes consent while the operator has not set up the app, and tells operators alone which settings', () => {
    const forOwner = pluginPage(input({ missing }));
    expect(forOwner.missing).toEqual([]);
    expect(forOwner.methods.map(({ blocked }) => Boolean(blocked))).toEqual([true, false]);
    expect(JSON.stringify(forOwner)).not.toContain('ACME_CLIENT_ID');
    const forOperator = pluginPage(input({ missing, viewer: operator }));
    expect(forOperator.missing).toEqual(missing);
    expect(forOperator.methods[0]?.blocked).toContain('ACME_CLIENT_ID');
  });

  it('cannot connect what is coming soon, failed or switched off', () => {
    const failed = sampleTemplate({ state: 'failed', loaded: undefined, error: 'index.ts:3: oh' });
    expect(pluginPage(input({ template: sampleTemplate({ state: 'coming-soon' }) }))).toMatchObject({
      state: 'coming-soon',
      methods: [],
      trouble: undefined,
    });
    expect(pluginPage(input({ template: failed }))).toMatchObject({ state: 'unavailable', methods: [] });
    expect(pluginPage(input({ template: failed })).trouble).not.toContain('index.ts');
    expect(pluginPage(input({ template: failed, viewer: operator })).trouble).toBe('index.ts:3: oh');
    expect(pluginPage(input({ template: sampleTemplate({ active: false }) })).canConnect).toBe(false);
  });

  it('promises a store that waits no word where no mail is sent', () => {
    expect([waitWords('off'), waitWords('files')].join(' ')).not.toContain('told');
    expect(waitWords('off')).toContain('You will see it here');
    expect(waitWords('smtp')).toBe('You will be told when it is here.');
  });

  it('leads both ways to the integration that is connected again, the one it was connected by first', () => {
    const again = { name: 'Studio', account: 'Blue Fitness', href: '/integrations/acme/1', method: 'manual', holds: true };
    const { methods } = pluginPage(input({ again }));
    expect(methods.map(({ action }) => action)).toEqual(['/integrations/acme/1/reconnect', '/integrations/acme/1/reconnect']);
    expect(methods.map(({ id, before, leads, recommended }) => [id, before, leads, recommended])).toEqual([
      ['manual', true, true, false],
      ['oauth', false, false, false],
    ]);
  });
});

describe('after connecting', () => {
  const connected = (test: { message: string; counts?: Record<string, number> }) =>
    connectedSentence({ integration: sampleIntegration({}), test }, sampleTemplate({}));

  it('says what the test found', () => {
    expect(connected({ message: 'Connected to Blue Fitness, 7 contacts.' })).toBe('Connected to Blue Fitness, 7 contacts.');
    expect(connected({ message: '', counts: { contacts: 3412 } })).toBe('Connected to Blue Fitness, 3,412 contacts.');
    expect(connected({ message: '' })).toBe('Connected to Blue Fitness.');
  });
});

describe('the panel of a simulator', () => {
  it('calls keys what the form calls them and keeps the fields of two commands apart', () => {
    const form = { type: 'object' as const, properties: { name: { type: 'string' as const, title: 'Name' } } };
    const page = sandboxPage({
      plugin: { id: 'acme', name: 'Acme', picture: undefined },
      panel: { credentials: { token: 't', shopId: 's' }, facts: { contacts: 3412, state: 'ok' }, log: [] },
      commands: [
        { name: 'add', title: 'Add', input: form },
        { name: 'remove', title: 'Remove', input: form },
      ],
      titles: { token: 'Private token' },
    });
    expect(page.credentials.map(({ label }) => label)).toEqual(['Private token', 'Shop id']);
    expect(page.facts.map(({ value }) => value)).toEqual(['3,412', 'ok']);
    const ids = page.commands.flatMap(({ fields }) => fields.map(({ id, name }) => [id, name]));
    expect(ids).toEqual([
      ['add-name', 'name'],
      ['remove-name', 'name'],
    ]);
  });
});
