import { describe, expect, it } from '@jest/globals';
import { fromPointer, lineOf, type Path, written } from './locate.ts';

const source = `// { auth: [ 'not this' ] }
import type { Manifest } from 'patchbay';

const other = { name: 'Other', nested: [{ reason: 1 }] };
export const manifest = {
  sdk: 1, // it's a comment with a quote
  name: 'Acme, {Ltd} ["x"]',
  guide: \`one: { two: [
    three
  ] }\`,
  auth: [
    { method: 'manual', fields: make({ a: 1 }, [2]) },
    {
      method: 'oauth',
      scopes: [
        { name: 'a', reason: "x" },
        {
          name: 'b' },
      ],
    },
  ],
  "docs": 'https://x',
  headers: { 'x-a': '1', ...other },
} as const satisfies Manifest;
`;

describe('the line of a property', () => {
  it.each<[Path, number | undefined]>([
    [['sdk'], 6],
    [['guide'], 8],
    [['auth'], 11],
    [['auth', 0, 'method'], 12],
    [['auth', 1], 13],
    [['auth', 1, 'scopes', 0, 'reason'], 16],
    [['auth', 1, 'scopes', 1, 'name'], 18],
    [['docs'], 22],
    [['headers', 'x-a'], 23],
    [['nowhere'], undefined],
    [['Manifest'], undefined],
  ])('is found: %j', (path, line) => {
    expect(lineOf(source, path)).toBe(line);
  });

  it('is that of the nearest parent where the property itself is missing', () => {
    expect(lineOf(source, ['auth', 1, 'scopes', 1, 'reason'])).toBe(17);
    expect(lineOf(source, ['auth', 7])).toBe(11);
  });

  it('is unknown in what is not TypeScript, without an error', () => {
    expect(lineOf('}}}]])', ['a'])).toBeUndefined();
    expect(lineOf("'unclosed", ['a'])).toBeUndefined();
    expect(lineOf('', ['a'])).toBeUndefined();
  });
});

it('writes paths as authors do', () => {
  expect(written(['auth', 0, 'scopes', 1, 'reason'])).toBe('auth[0].scopes[1].reason');
  expect(fromPointer('/auth/0/a~1b')).toEqual(['auth', 0, 'a/b']);
});
