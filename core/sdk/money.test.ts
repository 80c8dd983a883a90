import { expect, it } from '@jest/globals';
import { minorDigits } from './money.ts';

it.each([
  ['nonsense', 2],
  ['constructor', 2],
  ['USD', 2],
  ['HUF', 2],
  ['COP', 2],
  ['IDR', 2],
  ['MGA', 2],
  ['JPY', 0],
  ['ISK', 0],
  ['UGX', 0],
  ['KWD', 3],
  ['IQD', 3],
  ['CLF', 4],
])('counts the digits of %s as ISO 4217 does: %i', (currency, digits) => {
  expect(minorDigits(currency)).toBe(digits);
});
