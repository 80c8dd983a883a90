import { describe, expect, it } from '@jest/globals';
import {
  healthLike,
  sampleHealth,
  sampleIntegration,
  sampleManifest,
  sampleTemplate,
} from '../../../tests/support/view-samples.ts';
import { type DetailsInput, detailsPage } from './details-view.ts';
import { disconnectPage } from './disconnect-view.ts';
import { eventView } from './event-view.ts';
import { healthChecks } from './health-view.ts';
import { recordView } from './records-view.ts';

const input = (change: Partial<DetailsInput>): DetailsInput => ({
  template: sampleTemplate({}),
  integration: sampleIntegration({}),
  counts: {},
  runs: [],
  events: [],
  schedules: [],
  health: sampleHealth({}),
  webhookUrl: undefined,
  viewer: { manage: true },
  sandbox: false,
  ...change,
});

describe('the details of an integration', () => {
  it.each([
    ['works', {}, { canSync: true, canTest: true, canConfigure: true }],
    ['needs attention', { status: 'error' as const }, { canSync: false, canTest: true, canConfigure: true }],
    ['is disconnected', { status: 'disconnected' as const }, { canSync: false, canTest: false, canConfigure: false }],
  ])('that %s offer what can be done', (_, change, can) => {
    expect(detailsPage(input({ integration: sampleIntegration(change) }))).toMatchObject(can);
  });

  it('ask for a webhook made by hand only once nothing else is to be chosen, as the choice may make it', () => {
    const loaded = sampleTemplate({}).loaded;
    if (!loaded?.plugin.handlers) throw new Error('no plugin');
    const webhook = { scope: 'integration' as const, retryStatus: 503, verify: () => false, events: () => [] };
    const plugin = { manifest: sampleManifest, handlers: { ...loaded.plugin.handlers, webhook } };
    const template = sampleTemplate({ loaded: { ...loaded, plugin } });
    const todo = [{ text: 'Choose a list.', step: 'Choose a list', field: 'list' as never }];
    expect(detailsPage(input({ template })).byHand).toBe(true);
    expect(detailsPage(input({ template, health: sampleHealth({ todo }) })).byHand).toBe(false);
  });

  it('let staff look, test and sync, not configure', () => {
    const page = detailsPage(input({ viewer: { manage: false } }));
    expect(page).toMatchObject({ canSync: true, canTest: true, canConfigure: false, canManage: false });
  });

  it('say what happened before anything else', () => {
    const integration = sampleIntegration({ status: 'error', message: 'The permission was withdrawn.' });
    const broken = healthLike(integration);
    expect(detailsPage(input({ integration, health: broken })).says).toBe('The permission was withdrawn. Reconnect it.');
    const told = 'This key has expired. Copy a valid one and connect with it.';
    expect(detailsPage(input({ health: { ...broken, reason: told } })).says).toBe(told);
    const health = sampleHealth({ state: 'degraded', reason: 'The last sync failed.', nextStep: 'Sync again.' });
    expect(detailsPage(input({ health })).says).toBe('The last sync failed. Sync again.');
  });

  it('do not claim to sync while every sync waits for the provider', () => {
    const run = { id: 'r', status: 'queued', stream: 'contacts', failures: [], queuedAt: new Date(), message: 'Acme is away.' };
    const says = (...runs: object[]) => detailsPage(input({ runs: runs as unknown as DetailsInput['runs'] })).says;
    expect(says(run)).toContain('goes on by itself');
    expect(says(run, { ...run, status: 'running' })).toContain('Syncing now');
    expect(says({ ...run, message: undefined })).toContain('Syncing now');
  });

  it('say what the latest syncs could not read, once, before they say that all is well', () => {
    const integration = sampleIntegration({ lastSyncedAt: new Date() });
    const run = (stream: string, notes: string[]) => ({
      id: stream,
      status: 'succeeded',
      stream,
      failures: [],
      queuedAt: new Date(),
      notes,
    });
    const says = (...runs: object[]) => detailsPage(input({ integration, runs: runs as unknown as DetailsInput['runs'] })).says;
    expect(says(run('a', ['Choose a list.']), run('b', ['Choose a list.']))).toBe('Choose a list.');
    expect(says(run('a', []), run('a', ['Choose a list.']))).toBe('All is well. Nothing to do.');
    const many = ['One.', 'Two.', 'Three.'];
    expect(says(run('a', many), run('b', ['Four.']))).toMatch(/^\S+ \S+ \S+ One more note stands with the syncs below\.$/);
    expect(says(run('a', many), run('b', ['Four.', 'Five.']))).toMatch(/^\S+ \S+ \S+ 2 more notes stand with the syncs below\.$/);
  });

  it('never show a secret, not even one an older version kept in the open', () => {
    const config = {
      type: 'object' as const,
      properties: { key: { type: 'string' as const, title: 'Key', 'x-secret': true as const } },
    };
    const loaded = sampleTemplate({}).loaded;
    if (!loaded?.plugin.handlers) throw new Error('no plugin');
    const plugin = { manifest: { ...sampleManifest, config }, handlers: loaded.plugin.handlers };
    const page = detailsPage(
      input({
        template: sampleTemplate({ loaded: { ...loaded, plugin } }),
        integration: sampleIntegration({ config: { key: 'hunter2' } }),
      }),
    );
    expect(page.settings).toEqual([{ label: 'Key', value: 'Kept secret' }]);
    expect(JSON.stringify(page)).not.toContain('hunter2');
    const of = (stored: string[]) =>
      detailsPage(
        input({ template: sampleTemplate({ loaded: { ...loaded, plugin } }), integration: sampleIntegration({}), stored }),
      );
    expect(of(['key']).settings).toEqual([{ label: 'Key', value: 'Kept secret' }]);
    expect(of([]).settings).toEqual([{ label: 'Key', value: 'Not set' }]);
  });

  it('call what was chosen from a list by its name, and leave alone what has none', () => {
    const list = { type: 'array' as const, title: 'Lists', items: { type: 'string' as const }, 'x-options': 'lists' };
    const loaded = sampleTemplate({}).loaded;
    if (!loaded?.plugin.handlers) throw new Error('no plugin');
    const config = { type: 'object' as const, properties: { lists: list } };
    const plugin = { manifest: { ...sampleManifest, config }, handlers: loaded.plugin.handlers };
    const template = sampleTemplate({ loaded: { ...loaded, plugin } });
    const value = (lists: string[]) =>
      detailsPage(input({ template, integration: sampleIntegration({ config: { lists } }), names: { l1: 'Spring offer' } }))
        .settings[0]?.value;
    expect(value(['l1', 'xY9-z'])).toBe('Spring offer and xY9-z');
    expect(value([])).toBe('None chosen');
  });

  it('speak of no syncs and no changes where there can be none', () => {
    const loaded = sampleTemplate({}).loaded;
    if (!loaded?.plugin.handlers) throw new Error('no plugin');
    const streams = {
      sent: { title: 'Sent events' },
      reports: { title: 'Reports', methods: ['oauth' as const], async *sync() {} },
    };
    const plugin = { manifest: sampleManifest, handlers: { identify: loaded.plugin.handlers.identify, streams } };
    const template = sampleTemplate({ loaded: { ...loaded, plugin } });
    const page = (method: 'oauth' | 'manual') =>
      detailsPage(input({ template, integration: sampleIntegration({ method }), runs: [] }));
    expect(page('oauth')).toMatchObject({ canSync: true, listsRuns: true, integration: { syncs: true } });
    const acting = page('manual');
    expect(acting).toMatchObject({ canSync: false, listsRuns: false, hears: false, says: 'All is well. Nothing to do.' });
    expect(acting.integration).toMatchObject({ syncs: false, canSync: false });
  });

  it('tell maps and tables in words', () => {
    const config = {
      type: 'object',
      properties: {
        fields: { type: 'object', title: 'Fields', 'x-keys': { email: 'E-mail', phone: 'Phone' }, 'x-options': 'lists' },
        lines: {
          type: 'array',
          title: 'Lines',
          items: {
            type: 'object',
            properties: { sku: { type: 'string', title: 'Article' }, taxed: { type: 'boolean', title: 'Taxed' } },
          },
        },
        empty: { type: 'object', title: 'Empty', 'x-keys': 'keys' },
      },
    } as const;
    const loaded = sampleTemplate({}).loaded;
    if (!loaded?.plugin.handlers) throw new Error('no plugin');
    const plugin = { manifest: { ...sampleManifest, config }, handlers: loaded.plugin.handlers };
    const template = sampleTemplate({ loaded: { ...loaded, plugin } });
    const values = { fields: { email: 'l1', fax: 'FAX' }, lines: [{ sku: 'A1', taxed: true }, { sku: 'B' }] };
    const page = detailsPage(
      input({ template, integration: sampleIntegration({ config: values }), names: { l1: 'Spring offer' } }),
    );
    expect(page.settings.map(({ value }) => value)).toEqual([
      'E-mail: Spring offer; fax: FAX',
      'Article A1, Taxed Yes; Article B',
      'Not set',
    ]);
  });

  it('tell how each kind of record is kept up to date', () => {
    const schedules = [{ stream: 'contacts', everyMinutes: 60, nextRunAt: undefined }];
    const [contacts, messages] = detailsPage(input({ schedules, counts: { contacts: 7 } })).streams;
    expect(contacts).toMatchObject({ title: 'Contacts', count: 7, syncs: true, often: 'Every hour' });
    expect(messages).toMatchObject({ title: 'Messages', count: 0, syncs: false });
    const stopped = detailsPage(input({ schedules, integration: sampleIntegration({ status: 'disconnected' }) }));
    expect(stopped.streams[0]?.often).toBe('Stopped');
  });
});

describe('health', () => {
  const tone = (change: Parameters<typeof sampleHealth>[0], label: string) =>
    healthChecks(sampleHealth(change)).find((check) => check.label === label)?.tone;
  const token = { state: 'good', expiresAt: null, refreshedAt: null, renewable: true, failures: 0, renewal: null } as const;
  const hooks = { url: '', lastEventAt: new Date(), silent: false, pending: 0, parked: 0, dead: 0 };

  it('tells each part in colour and words', () => {
    expect(tone({}, 'Connection')).toBe('good');
    expect(tone({ connection: { status: 'error', lastTestedAt: null, message: null } }, 'Connection')).toBe('bad');
    const tested = { status: 'error', lastTestedAt: new Date(), message: null };
    expect(healthChecks(sampleHealth({ connection: tested }))[0]).toMatchObject({ text: 'It does not work.', at: undefined });
    expect(tone({ token: null }, 'Permission')).toBeUndefined();
    expect(tone({ token }, 'Permission')).toBe('good');
    expect(tone({ token: { ...token, failures: 3 } }, 'Permission')).toBe('warn');
    expect(tone({ token: { ...token, state: 'ended', renewable: false } }, 'Permission')).toBe('bad');
    const broken = { status: 'error', lastTestedAt: null, message: null };
    expect(tone({ token: { ...token, renewable: false }, connection: broken }, 'Permission')).toBe('bad');
    expect(tone({ webhooks: hooks }, 'Live changes')).toBe('good');
    expect(tone({ webhooks: { ...hooks, silent: true } }, 'Live changes')).toBe('warn');
    expect(tone({ webhooks: { ...hooks, dead: 1 } }, 'Live changes')).toBe('bad');
    expect(tone({}, 'Syncs')).toBe('idle');
  });

  it('does not say that changes arrive where nothing was arranged for them, only when the last one came', () => {
    const template = (subscribe?: () => Promise<undefined>) => {
      const { loaded } = sampleTemplate({});
      const webhook = { scope: 'app', verify: () => true, parse: () => [], handle: () => [], ...(subscribe && { subscribe }) };
      return {
        ...sampleTemplate({}),
        loaded: loaded && { ...loaded, plugin: { ...loaded.plugin, handlers: { ...loaded.plugin.handlers, webhook } } },
      };
    };
    const said = (webhookSubscription: string | undefined, subscribe?: () => Promise<undefined>) => {
      const health = sampleHealth({ webhooks: hooks });
      const shown = { template: template(subscribe) as DetailsInput['template'], health };
      const { checks } = detailsPage(input({ ...shown, integration: sampleIntegration({ webhookSubscription }) }));
      return checks.find(({ label }) => label === 'Live changes');
    };
    const arrange = async () => undefined;
    expect(said(undefined, arrange)).toMatchObject({ tone: 'idle', text: 'The last one came' });
    expect(said('we_1', arrange)).toMatchObject({ tone: 'good', text: 'They arrive. The last one came' });
    expect(said(undefined)).toMatchObject({ tone: 'good' });
  });
});

describe('disconnecting', () => {
  it('says what will be lost, with figures', () => {
    const page = disconnectPage({
      template: sampleTemplate({}),
      integration: sampleIntegration({}),
      counts: { messages: 2, contacts: 3412, gone: 0 },
      webhookUrl: undefined,
    });
    expect(page.losses.join(' ')).toContain('3,412 contacts and 2 messages');
    expect(page.records).toBe(3414);
    // A plugin that hears of nothing loses nothing there.
    expect(page.losses.join(' ')).not.toContain('no longer arrive');
  });
});

describe('an event', () => {
  it.each([
    ['handled', 'good', false],
    ['dead', 'bad', true],
    ['parked', 'warn', true],
    ['pending', 'idle', false],
    ['unheard-of', 'idle', false],
  ])('that is %s has its colour, and can be handled again or not', (state, tone, canReplay) => {
    const event = eventView({ id: 'e', type: 'ContactCreate', state, reason: null, receivedAt: new Date() });
    expect(event).toMatchObject({ tone, canReplay, type: 'Contact created' });
  });
});

describe('a record', () => {
  const at = { updatedAt: new Date(), deletedAt: null };

  it.each([
    [{ firstName: 'Ann', lastName: 'Lee', email: 'a@b.c' }, 'Ann Lee', 'a@b.c'],
    [{ title: 'Trial class', status: 'booked' }, 'Trial class', 'booked'],
    [{ body: 'Do you have a free slot?', status: 'delivered' }, 'Do you have a free slot?', 'delivered'],
    [{ body: 'x'.repeat(99) }, `${'x'.repeat(79)}…`, undefined],
    [{ amount: 3 }, 'r1', undefined],
  ])('%j is called %s', (data, label, note) => {
    expect(recordView({ id: 'r1', data, ...at })).toMatchObject({ label, note });
  });

  it('shows what it holds in words, and leaves out what is empty', () => {
    const data = { dateAdded: '2026-11-21T09:30:00.000Z', dnd: false, tags: ['a', 'b'], none: null, blank: ' ', list: [] };
    expect(recordView({ id: 'r1', data, ...at }).facts).toEqual([
      { label: 'Date added', value: '21 Nov 2026, 09:30 UTC' },
      { label: 'Dnd', value: 'No' },
      { label: 'Tags', value: 'a, b' },
    ]);
  });

  it('tells what is nested by its parts, money in its currency, and leads to a web address', () => {
    const card = { type: 'card', card: { brand: 'visa', last4: 4242 }, wallet: null };
    const data = {
      amount: 1500,
      fee: 0,
      method: card,
      lines: [{ name: 'Class', amount: 1500 }],
      receipt: 'https://pay.example/r/1',
    };
    const model = { kind: 'payment', amount: { amount: 1500, currency: 'USD' } } as const;
    expect(recordView({ id: 'r1', data, ...at }, { model }).facts).toEqual([
      { label: 'Amount', value: '$15.00' },
      { label: 'Fee', value: '0' },
      {
        label: 'Method',
        value: '',
        parts: [
          { label: 'Type', value: 'card' },
          {
            label: 'Card',
            value: '',
            parts: [
              { label: 'Brand', value: 'visa' },
              { label: 'Last4', value: '4242' },
            ],
          },
        ],
      },
      {
        label: 'Lines',
        value: '',
        parts: [
          {
            label: '',
            value: '',
            parts: [
              { label: 'Name', value: 'Class' },
              { label: 'Amount', value: '$15.00' },
            ],
          },
        ],
      },
      { label: 'Receipt', value: 'https://pay.example/r/1', href: 'https://pay.example/r/1' },
    ]);
    const script = recordView({ id: 'r1', data: { receipt: 'javascript:alert(1)' }, ...at });
    expect(script.facts).toEqual([{ label: 'Receipt', value: 'javascript:alert(1)' }]);
  });
});
