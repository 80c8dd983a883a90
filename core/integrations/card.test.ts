import { describe, expect, it } from '@jest/globals';
import { acmePlugin } from '../../tests/support/fake-plugin.ts';
import { cardOf } from './card.ts';

const loaded = acmePlugin();
const ready = { state: 'ready', loaded, active: true, error: undefined } as const;
const kept = { ...ready, state: 'failed', error: 'index.ts:3 no' } as const;
const failed = { ...kept, loaded: undefined };
const missing = { ...ready, state: 'missing', loaded: undefined } as const;
const off = { ...ready, active: false };
const soon = { ...ready, state: 'coming-soon', loaded: undefined } as const;

const active = { id: 'a', status: 'active', enabled: true, health: { state: 'good', reason: null } } as const;
const unchosen = { ...active, id: 'u', health: { state: 'attention', reason: 'Choose a list.' } } as const;
const partly = { ...active, id: 'l', health: { state: 'degraded', reason: 'The last sync of tags failed.' } } as const;
const paused = { ...active, id: 'p', enabled: false };
const ended = { state: 'attention', reason: 'Acme ended the sign-in.' } as const;
const error = { ...active, id: 'e', status: 'error', health: ended } as const;
const left = { state: 'off', reason: 'Disconnected by a@b.c.' } as const;
const gone = { ...active, id: 'd', status: 'disconnected', health: left } as const;
const pending = { ...active, id: 'n', status: 'pending' } as const;

describe('a card', () => {
  it.each([
    ['a coming-soon plugin', soon, [], 'coming-soon', undefined],
    ['a plugin nobody has connected', ready, [], 'connect', undefined],
    ['one integration on its way', ready, [pending], 'connecting', undefined],
    ['one integration that works', ready, [active], 'connected', undefined],
    ['one that is switched off', ready, [paused], 'paused', undefined],
    ['one that needs a person', ready, [error], 'needs-attention', 'Acme ended the sign-in.'],
    ['one that needs a person beside one that works', ready, [active, error], 'needs-attention', 'Acme ended the sign-in.'],
    ['one whose owner has something to choose', ready, [active, unchosen], 'needs-attention', 'Choose a list.'],
    ['one that fails in part', ready, [active, partly], 'degraded', 'The last sync of tags failed.'],
    ['one that works beside one that is gone', ready, [gone, active], 'connected', undefined],
    ['one that is gone', ready, [gone], 'disconnected', 'Disconnected by a@b.c.'],
    ['a failed plugin', failed, [], 'unavailable', 'Out of service at the moment; settings and records are kept.'],
    [
      'a failed plugin with an integration',
      failed,
      [active],
      'unavailable',
      'Out of service at the moment; settings and records are kept.',
    ],
    ['a missing plugin', missing, [error], 'unavailable', 'Out of service at the moment; settings and records are kept.'],
    ['a refused change while the plugin before it runs', kept, [active], 'connected', undefined],
    ['a plugin that is switched off', off, [], 'unavailable', 'Out of service at the moment; settings and records are kept.'],
    ['a switched-off plugin that works for this store', off, [active], 'connected', undefined],
  ] as const)('of %s says so', (_, template, integrations, state, detail) => {
    const card = cardOf(template, integrations);
    expect({ state: card.state, detail: card.detail }).toEqual({ state, detail });
  });

  it.each([
    ['a failed plugin', failed, 'index.ts:3 no'],
    ['a refused change', kept, 'The changed plugin was refused; the one before it still runs. index.ts:3 no'],
    [
      'a missing folder',
      missing,
      'The folder of this plugin is gone, or holds no index.ts or index.js any more; put it back or remove the card.',
    ],
    ['one that is switched off', off, 'Switched off: stores cannot connect it.'],
    ['one in order', ready, undefined],
  ] as const)('tells the operator about %s', (_, template, reason) => {
    expect(cardOf(template, []).operatorReason).toBe(reason);
  });

  it('shows a sync only where something is connected', () => {
    expect(cardOf(ready, [partly], new Set(['l'])).syncing).toBe(true);
    expect(cardOf(ready, [active], new Set(['a'])).syncing).toBe(true);
    expect(cardOf(ready, [active], new Set(['x'])).syncing).toBe(false);
    expect(cardOf(ready, [error], new Set(['e'])).syncing).toBe(false);
  });
});
