import { describe, expect, it } from '@jest/globals';
import { entrySays } from '../view-models/audit-words.ts';
import { csvCell } from './list-file.ts';

describe('a cell of a file for spreadsheets', () => {
  it.each<[unknown, string]>([
    ['=cmd|calc', "'=cmd|calc"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    [' =1', "' =1"],
    ['a,"b"', '"a,""b"""'],
    ['＝1+1', "'＝1+1"],
    ['Ada;=1+1', "Ada;'=1+1"],
    ['Ada\n@SUM(A1)', `"Ada\n'@SUM(A1)"`],
    ['Ada; Bea', 'Ada; Bea'],
    ['Ada\r\n =1', `"Ada\r\n' =1"`],
    ['Dear Ada,\r\n\r\nsee you', '"Dear Ada,\r\n\r\nsee you"'],
    ['=1,2', `"'=1,2"`],
    ['two\nlines', '"two\nlines"'],
    [null, ''],
    [{ name: 'x' }, '"{""name"":""x""}"'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
  ])('%j is written %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  it.each(['\n', '\r\n', '\n ', ' ', ';'])('takes no longer for what repeats %j without end than for any other text', (part) => {
    // With a pattern that looks on from each line end this takes minutes.
    expect(csvCell(`${part.repeat(200_000)}x`).length).toBeGreaterThan(200_000);
  });
});

describe('an entry of the audit log in words', () => {
  const entry = { actor: 'ana@example.com', action: 'integration.connect', target: 'id', targetName: 'Stripe', detail: {} };
  it.each<[object, string]>([
    [{}, 'ana@example.com connected Stripe.'],
    [{ targetName: null, detail: { account: 'Blue Fitness' } }, 'ana@example.com connected Blue Fitness.'],
    [{ targetName: '$& and %' }, 'ana@example.com connected $& and %.'],
    [{ actor: 'ana@example.com (api key 1)' }, 'An API key of ana@example.com connected Stripe.'],
    [
      { actor: 'plugin:acme', action: 'integration.needs-reconnect' },
      'The plugin acme said that Stripe has to be connected again.',
    ],
    [
      { actor: 'system', action: 'credential.use', detail: { count: 4, purposes: { onEvent: 2, test: 2 } } },
      'The hub opened the credential of Stripe 4 times within an hour, for onEvent and test.',
    ],
    [{ action: 'integration.change', detail: { enabled: false } }, 'ana@example.com paused Stripe.'],
    [{ action: 'integration.change', detail: { enabled: true } }, 'ana@example.com resumed Stripe.'],
    [{ action: 'integration.change', detail: { enabled: true, name: 'Till' } }, 'ana@example.com changed Stripe.'],
    [
      { action: 'integration.connect-begin', targetName: null, detail: { plugin: 'stripe' } },
      'ana@example.com began to connect stripe.',
    ],
    [{ action: 'thing.turn-over', targetName: null }, 'ana@example.com thing: turn over.'],
    [{ action: 'toString' }, 'ana@example.com to string: (Stripe).'],
  ])('%j: %s', (change, says) => {
    expect(entrySays({ ...entry, ...change })).toBe(says);
  });
});
