import { describe, expect, it, jest } from '@jest/globals';
import { BLUE_FITNESS } from './demo.ts';
import { ask, simulator } from './test-stand.ts';

const location = `/locations/${BLUE_FITNESS.id}`;

describe('trouble on demand', () => {
  it.each([
    ['429', { status: 429, headers: { 'x-ratelimit-remaining': '0' } }],
    ['429 of the day', { status: 429, headers: { 'x-ratelimit-daily-remaining': '0' } }],
    ['missing scope', { status: 401, body: { message: 'The token is not authorized for this scope.' } }],
    ['agency token', { status: 401, body: { message: "Token's user type mismatch!" } }],
    ['suspended location', { status: 400, body: { message: 'Location is not active' } }],
    ['500', { status: 500 }],
    ['garbage', { status: 200, body: expect.stringContaining('<html>') }],
    ['hang up', { hangUp: true }],
  ])('fails with %s for as many calls as asked', async (how, expected) => {
    const sim = simulator();
    await sim.commands['fail']?.run({ how, calls: 2 });
    expect(await ask(sim, 'GET', location)).toMatchObject(expected);
    expect(await ask(sim, 'GET', location)).toMatchObject(expected);
    expect((await ask(sim, 'GET', location)).status).toBe(200);
  });

  it('takes its time, but not longer than the caller', async () => {
    const sim = simulator();
    await sim.commands['slow']?.run({ milliseconds: 60_000 });
    const gone = new AbortController();
    const answer = ask(sim, 'GET', location, { signal: gone.signal });
    gone.abort();
    expect((await answer).status).toBe(200);
  });

  it('refuses in words what cannot be done', async () => {
    await expect(simulator().commands['deleteContact']?.run({ contactId: 'nobody' })).rejects.toMatchObject({
      consequence: 'rejected',
    });
  });

  it('sends a webhook again on 429 and on nothing else, and stops when closed', async () => {
    jest.useFakeTimers();
    try {
      const answers = [429, 429, 200, 500];
      const deliver = jest.fn(async () => answers.shift() ?? 429);
      const sim = simulator({ deliver });
      await sim.commands['addContact']?.run({});
      await jest.advanceTimersByTimeAsync(20_000);
      expect(deliver).toHaveBeenCalledTimes(3);
      await sim.commands['addContact']?.run({});
      await jest.advanceTimersByTimeAsync(60_000);
      expect(deliver).toHaveBeenCalledTimes(4);
      expect(sim.panel().facts['Webhooks delivered']).toBe(1);
      expect(sim.panel().log.map(({ line }) => line)).toContain('webhook ContactCreate → 500, given up');
      await sim.commands['addContact']?.run({});
      await jest.advanceTimersByTimeAsync(0);
      await sim.close();
      await jest.advanceTimersByTimeAsync(60_000);
      expect(deliver).toHaveBeenCalledTimes(5);
    } finally {
      jest.useRealTimers();
    }
  });
});
