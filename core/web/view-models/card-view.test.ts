import { describe, expect, it } from '@jest/globals';
import { sampleIntegration as integration, sampleTemplate as template } from '../../../tests/support/view-samples.ts';
import type { CardState } from '../../integrations/card.ts';
import { cardView, connectionView, countOf } from './card-view.ts';
import { integrationsPage } from './cards-view.ts';

const operator = { operator: true, manage: true };
const owner = { operator: false, manage: true };
const staff = { operator: false, manage: false };
const none = { counts: {}, syncing: false };

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
    const given = integration({ webhookProblem: 'Changes are not reported.', account });
    const view = connectionView({ template: template({}), integration: given, ...none });
    expect(view).toMatchObject({ state: 'connected', message: 'Changes are not reported.', testMode: true });
    expect(connectionView({ template: template({}), integration: integration({}), ...none }).testMode).toBe(false);
  });

  it('that works, but not for much longer, says until when and offers to connect again', () => {
    const given = integration({ reasonCode: 'RECONNECT_NEEDED', message: 'Connect again before 3 March 2027.' });
    const view = connectionView({ template: template({}), integration: given, ...none });
    expect(view).toMatchObject({ state: 'connected', message: 'Connect again before 3 March 2027.', fix: { text: 'Reconnect' } });
  });

  it('that an administrator stopped offers nothing that would not help', () => {
    const given = integration({ status: 'error', reasonCode: 'INTEGRATION_NOT_ACTIVE', message: 'Stopped.' });
    expect(connectionView({ template: template({}), integration: given, ...none })).toMatchObject({ fix: undefined });
  });

  it.each(cases)('that %s', (_case, given, plugin, state, fix) => {
    const view = connectionView({ template: template(plugin), integration: integration(given), ...none });
    expect(view.state).toBe(state);
    expect(view.fix?.text).toBe(fix);
    expect(view.text).not.toBe('');
    expect(view.canSync).toBe(state === 'connected');
    if (state === 'needs-attention') expect(view.message).toBeDefined();
  });

  it('counts what the hub holds, and what the provider said where it holds nothing yet', () => {
    const given = integration({ counts: { contacts: 3412 } });
    const view = (counts: Record<string, number>) =>
      connectionView({ template: template({}), integration: given, counts, syncing: false });
    expect(view({}).counts).toEqual(['3,412 contacts']);
    expect(view({ contacts: 1, other_things: 2 }).counts).toEqual(['1 contact', '2 other things']);
  });

  it('counts nothing where all was deleted while disconnecting', () => {
    const left = integration({ status: 'disconnected', counts: { contacts: 3412 } });
    expect(connectionView({ template: template({}), integration: left, counts: {}, syncing: false }).counts).toEqual([]);
  });
});

describe('a card', () => {
  const connection = (given: Parameters<typeof integration>[0]) =>
    connectionView({ template: template({}), integration: integration(given), ...none });

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
    const { groups, total } = integrationsPage(cards, '', true);
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
    expect(integrationsPage(cards, query, true).shown).toBe(found);
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
