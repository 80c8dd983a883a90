import { describe, expect, it } from '@jest/globals';
import { healthLike, sampleIntegration as integration, sampleTemplate as template } from '../../../tests/support/view-samples.ts';
import type { CardState } from '../../integrations/card.ts';
import type { Integration } from '../../integrations/integration-store.ts';
import { cardView } from './card-view.ts';
import { integrationsPage } from './cards-view.ts';
import { type ConnectionInput, connectionView } from './connection-view.ts';
import { countOf } from './stream-words.ts';

const operator = { operator: true, manage: true };
const owner = { operator: false, manage: true };
const staff = { operator: false, manage: false };
const everything = { query: '', state: '', category: '' };
const none = { counts: {}, syncing: false };

/** A connection as its card shows it. */
const viewOf = (given: Partial<Integration>, more: Partial<ConnectionInput> = {}) => {
  const held = integration(given);
  return connectionView({ template: template({}), integration: held, health: healthLike(held), ...none, ...more });
};

describe('a connection on a card', () => {
  const cases: readonly [
    string,
    Parameters<typeof integration>[0],
    Parameters<typeof template>[0],
    CardState,
    string | undefined,
  ][] = [
    ['works', {}, {}, 'connected', undefined],
    ['is being made', { status: 'pending' }, {}, 'connecting', undefined],
    ['is switched off', { enabled: false }, {}, 'paused', undefined],
    ['lost its permission', { status: 'error', reasonCode: 'RECONNECT_NEEDED' }, {}, 'needs-attention', 'Reconnect'],
    [
      'has settings that fit no more',
      { status: 'error', reasonCode: 'CONFIG_SCHEMA_INVALID' },
      {},
      'needs-attention',
      'Configure',
    ],
    ['failed in an unknown way', { status: 'error' }, {}, 'needs-attention', 'Reconnect'],
    ['was ended', { status: 'disconnected' }, {}, 'disconnected', 'Reconnect'],
    [
      'was ended, its plugin failed',
      { status: 'disconnected' },
      { state: 'failed', loaded: undefined },
      'disconnected',
      'Reconnect',
    ],
    ['has a failed plugin', {}, { state: 'failed', loaded: undefined }, 'unavailable', undefined],
    ['has a missing plugin', { status: 'error' }, { state: 'missing', loaded: undefined }, 'unavailable', undefined],
    ['has a plugin whose last good version runs', {}, { error: 'index.ts:3: oh' }, 'connected', undefined],
  ];

  it('that works, but is not told of changes, says so; one of a test account bears a badge', () => {
    const account = { externalId: 'acc-1', label: 'Blue Fitness', mode: 'test' as const };
    const view = viewOf({ webhookProblem: 'Changes are not reported.', account });
    expect(view).toMatchObject({ state: 'degraded', works: true, message: 'Changes are not reported.', testMode: true });
    expect(viewOf({}).testMode).toBe(false);
  });

  it('that works, but not for much longer, says until when and offers to connect again', () => {
    const view = viewOf({ reasonCode: 'RECONNECT_NEEDED', message: 'Connect again before 3 March 2027.' });
    const says = { message: 'Connect again before 3 March 2027.', fix: { text: 'Reconnect' } };
    expect(view).toMatchObject({ state: 'needs-attention', works: true, canSync: true, ...says });
  });

  it('whose sync wants another key or permission offers to reconnect, as syncing again cannot help', () => {
    const fixes = [true, false].flatMap((everywhere) =>
      ['INVALID_CREDENTIALS', 'RECONNECT_NEEDED', 'FORBIDDEN'].map((code) => failing(everywhere, new Date(), { code }).fix?.text),
    );
    expect(fixes).toEqual(['Reconnect', 'Reconnect', undefined, 'Reconnect', 'Reconnect', undefined]);
  });

  it('whose every sync fails is not green, nor is one of which a part fails', () => {
    expect(failing(true)).toMatchObject({ state: 'needs-attention', message: 'Nothing is synced: Not allowed.', canSync: true });
    // Before it was connected again.
    expect(failing(true, new Date('2026-11-19T10:00:00Z'))).toMatchObject({ state: 'connected', message: undefined });
    expect(failing(false)).toMatchObject({ state: 'degraded', message: 'The last sync of contacts failed: Not allowed.' });
    expect(failing(false, new Date(), { streams: 3 }).message).toBe('The last syncs of contacts and 2 more failed: Not allowed.');
  });

  it('whose owner has something to choose says it in one sentence, with one button that leads to it', () => {
    const todo = [
      { text: 'Choose the list to read.', step: 'Choose a list', field: 'list' as never },
      { text: 'Choose tags.', step: 'Choose tags', field: 'tags' as never },
    ];
    const view = viewOf({}, { health: healthLike(integration({}), { todo }) });
    expect(view).toMatchObject({ state: 'needs-attention', message: 'Choose the list to read.', works: true });
    const href = `/integrations/acme/${view.id}/configure#config-list`;
    expect(view.fix).toEqual({ href, text: 'Choose a list', full: 'Choose a list for Acme' });
  });

  it('is told from another of the same account name by its number, its own name, and which kind of money is in it', () => {
    const account = { externalId: 'acct_1Abcdefgh5678', label: 'Blue Fitness', mode: 'live' as const };
    const [alone, first, second] = [
      viewOf({ account, name: 'Blue Fitness' }),
      viewOf({ account, name: 'Blue Fitness' }, { several: true }),
      viewOf({ account: { ...account, externalId: 'acct_2', mode: 'test' }, name: 'Tries' }, { several: true }),
    ];
    expect(alone).toMatchObject({ reference: undefined, liveMode: false, called: 'Blue Fitness on Acme' });
    expect(first).toMatchObject({ reference: '…efgh5678', liveMode: true, called: 'Blue Fitness (…efgh5678) on Acme' });
    expect(second).toMatchObject({ name: 'Tries', reference: 'Blue Fitness, acct_2', liveMode: false, testMode: true });
    expect(viewOf({ account, name: 'Till' })).toMatchObject({
      name: 'Till',
      reference: 'Blue Fitness',
      called: 'Till (Blue Fitness) on Acme',
    });
  });

  it('of which messages failed leads to them, unless something else mends it', () => {
    const held = integration({});
    const webhooks = { dead: 2, pending: 0, parked: 0, url: '', lastEventAt: null, silent: false } as never;
    const failing = (state: 'degraded' | 'good') => viewOf({}, { health: { ...healthLike(held), state, webhooks } });
    expect(failing('good').fix).toBeUndefined();
    expect(failing('degraded').fix).toMatchObject({
      href: expect.stringMatching(/events\?state=dead$/),
      text: 'See the live changes',
    });
  });

  it('that an administrator stopped offers nothing that would not help', () => {
    expect(viewOf({ status: 'error', reasonCode: 'INTEGRATION_NOT_ACTIVE', message: 'Stopped.' }).fix).toBeUndefined();
  });

  it.each(cases)('that %s', (_case, given, plugin, state, fix) => {
    const view = viewOf(given, { template: template(plugin) });
    expect(view.state).toBe(state);
    expect(view.fix?.text).toBe(fix);
    expect(view.text).not.toBe('');
    expect(view.canSync).toBe(state === 'connected');
    if (state === 'needs-attention') expect(view.message).toBeDefined();
  });

  it('counts what the hub holds, and what the provider said where it holds nothing yet', () => {
    const view = (counts: Record<string, number>) => viewOf({ counts: { contacts: 3412 } }, { counts });
    expect(view({}).counts).toEqual(['3,412 contacts']);
    expect(view({ contacts: 1, other_things: 2 }).counts).toEqual(['1 contact', '2 other things']);
  });

  it('counts nothing where all was deleted while disconnecting', () => {
    expect(viewOf({ status: 'disconnected', counts: { contacts: 3412 } }).counts).toEqual([]);
  });
});

describe('a card', () => {
  const connection = (given: Partial<Integration>) => viewOf(given);

  it('tells the state of the connection that needs somebody most', () => {
    const two = [connection({}), connection({ status: 'error' })];
    expect(cardView(template({}), two, owner)?.state).toBe('needs-attention');
    expect(cardView(template({}), [connection({}), connection({ status: 'disconnected' })], owner)?.state).toBe('connected');
    expect(cardView(template({}), [], owner)).toMatchObject({ state: 'connect', canConnect: true });
    expect(cardView(template({}), [], staff)).toMatchObject({ state: 'connect', canConnect: false });
  });

  it('cannot be connected while it is coming soon', () => {
    const soon = template({ state: 'coming-soon' });
    expect(cardView(soon, [], owner)).toMatchObject({ state: 'coming-soon', text: 'Coming soon', canConnect: false });
  });

  it('tells operators alone why a plugin is unavailable', () => {
    const failed = template({ state: 'failed', loaded: undefined, error: 'index.ts:14: Expected "}"' });
    expect(cardView(failed, [], operator)).toMatchObject({ state: 'unavailable', reason: 'index.ts:14: Expected "}"' });
    expect(cardView(failed, [], owner)).toBeUndefined();
    expect(cardView(failed, [connection({})], owner)).toMatchObject({ state: 'unavailable', reason: undefined });
  });

  it('is hidden from stores when switched off, unless they use it', () => {
    const off = template({ active: false });
    expect(cardView(off, [], owner)).toBeUndefined();
    expect(cardView(off, [connection({})], owner)).toMatchObject({ canConnect: false });
    expect(cardView(off, [], operator)?.reason).toMatch(/Switched off/);
  });

  it('keeps an odd id inside its address', () => {
    expect(cardView(template({ id: 'plugins/Acme Co' }), [], operator)?.href).toBe('/integrations/plugins%2FAcme%20Co');
  });
});

describe('the cards', () => {
  const cards = [
    cardView(template({ id: 'a', name: 'Alpha', category: 'CRM' }), [], owner),
    cardView(template({ id: 'b', name: 'Beta', category: 'CRM' }), [], owner),
    cardView(template({ id: 'c', name: 'Gamma', category: 'Payments' }), [], owner),
  ].filter((card) => card !== undefined);

  it('stand in their categories', () => {
    const { groups, total } = integrationsPage(cards, everything, true);
    expect(groups.map(({ category, cards: members }) => [category, members.length])).toEqual([
      ['CRM', 2],
      ['Payments', 1],
    ]);
    expect(total).toBe(3);
  });

  it.each([
    ['beta', 1],
    ['CRM', 2],
    ['crm alpha', 1],
    ['  not connected ', 3],
    ['zebra', 0],
  ])('are found by "%s"', (query, found) => {
    expect(integrationsPage(cards, { ...everything, query }, true).shown).toBe(found);
  });
});

describe('cards narrowed down', () => {
  const cards = [
    cardView(template({ id: 'a', name: 'Alpha', category: 'CRM' }), [viewOf({ status: 'error' })], owner),
    cardView(template({ id: 'b', name: 'Beta', category: 'CRM' }), [viewOf({})], owner),
    cardView(template({ id: 'c', name: 'Gamma', category: 'Email marketing' }), [], owner),
    cardView(template({ id: 'd', name: 'Delta', category: 'Payments', state: 'coming-soon' }), [], owner),
  ].filter((card) => card !== undefined);
  const shownBy = (sought: Partial<typeof everything>) =>
    integrationsPage(cards, { ...everything, ...sought }, true).groups.flatMap((group) =>
      group.hidden ? [] : group.cards.filter(({ hidden }) => !hidden).map(({ name }) => name),
    );

  it.each([
    ['a state nobody knows is passed over', { state: 'odd' }, ['Alpha', 'Beta', 'Gamma', 'Delta']],
    ['a category that is none is passed over', { category: 'odd' }, ['Alpha', 'Beta', 'Gamma', 'Delta']],
    ['nothing fits both', { state: 'attention', category: 'payments' }, []],
    ['those that need a person', { state: 'attention' }, ['Alpha']],
    ['those in use, well or not', { state: 'in-use' }, ['Alpha', 'Beta']],
    ['those that could be connected', { state: 'free' }, ['Gamma']],
    ['those to come', { state: 'coming-soon' }, ['Delta']],
    ['a category', { category: 'email-marketing' }, ['Gamma']],
    ['words and a state', { query: 'beta', state: 'in-use' }, ['Beta']],
  ])('%s', (_says, sought, names) => {
    expect(shownBy(sought)).toEqual(names);
  });

  it('are counted by kind, and a kind without cards is not offered', () => {
    const { kinds, categories } = integrationsPage(cards.slice(0, 3), { ...everything, state: 'coming-soon' }, true);
    expect(kinds.map(({ value, count, chosen }) => [value, count, chosen])).toEqual([
      ['', 3, true],
      ['in-use', 2, false],
      ['attention', 1, false],
      ['free', 1, false],
    ]);
    expect(categories.map(({ value, count }) => [value, count])).toEqual([
      ['', 3],
      ['crm', 2],
      ['email-marketing', 1],
    ]);
  });
});

describe('a count in words', () => {
  it.each([
    ['Contacts', 3412, '3,412 contacts'],
    ['Contacts', 1, '1 contact'],
    ['Opportunities', 1, '1 opportunity'],
    ['Campaign results', 0, '0 campaign results'],
    ['CRM users', 2, '2 CRM users'],
    ['Business', 1, '1 business'],
  ])('%s: %d', (title, count, text) => {
    expect(countOf(title, count)).toBe(text);
  });
});

function failing(everywhere: boolean, at = new Date(), { code = 'FORBIDDEN', streams = 1 } = {}) {
  const held = integration({});
  const lastFailure = { stream: 'contacts', at, code, message: 'Not allowed.', everywhere, streams };
  return viewOf({}, { health: healthLike(held, { syncs: { ...healthLike(held).syncs, lastFailure } }) });
}
