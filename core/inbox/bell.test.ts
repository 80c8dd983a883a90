import { expect, it } from '@jest/globals';
import { until } from '../../tests/support/wait.ts';
import { Bell } from './bell.ts';

it('rings at once where it was quiet, once for all that comes meanwhile, and again after that', async () => {
  let rung = 0;
  const bell = new Bell(async () => {
    rung += 1;
  });
  bell.missed();
  expect(rung).toBe(1);
  for (let at = 0; at < 100; at += 1) bell.missed();
  expect(rung).toBe(1);
  await until(() => rung === 2, { what: 'the second ring' });
  // It rests after that one as well, and then there is nothing to tell.
  await until(() => bell.takesTurn(), { what: 'the end of its rest' });
  expect(rung).toBe(2);
});

it('is rung by the commit that takes its turn, for that one alone', async () => {
  let rung = 0;
  const bell = new Bell(async () => {
    rung += 1;
    throw new Error('the database is away');
  });
  expect(bell.takesTurn()).toBe(true);
  expect(bell.takesTurn()).toBe(false);
  bell.missed();
  expect(rung).toBe(0);
  await until(() => rung === 1, { what: 'the ring for what did not tell of itself' });
});
