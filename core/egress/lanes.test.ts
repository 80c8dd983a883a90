import { describe, expect, it } from '@jest/globals';
import { Lanes } from './lanes.ts';

const never = new AbortController().signal;

/** Work that goes on until it is told to end. */
function held() {
  let end: (how?: Error) => void = () => undefined;
  const done = new Promise<void>((resolve, reject) => {
    end = (how) => (how ? reject(how) : resolve());
  });
  return { done, end };
}

/** Lets everything that can go on go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('the lanes of an account', () => {
  it('hold one more than there are until one is free, then take the longest waiting', async () => {
    const lanes = new Lanes();
    const order: string[] = [];
    const works = ['a', 'b', 'c', 'd'].map((name) => ({ name, ...held() }));
    const runs = works.map(({ name, done }) =>
      lanes.run('acme:1', { most: 2, signal: never }, () => {
        order.push(name);
        return done;
      }),
    );
    await settle();
    expect(order).toEqual(['a', 'b']);
    works[1]?.end();
    await settle();
    expect(order).toEqual(['a', 'b', 'c']);
    for (const { end } of works) end();
    await Promise.all(runs);
    expect(order).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are free again after work that fails, and after a wait that was given up', async () => {
    const lanes = new Lanes();
    const [first, controller] = [held(), new AbortController()];
    const failing = lanes.run('acme:1', { most: 1, signal: never }, () => first.done);
    const given = lanes.run('acme:1', { most: 1, signal: controller.signal }, async () => 'given');
    const last = lanes.run('acme:1', { most: 1, signal: never }, async () => 'last');
    controller.abort(new Error('given up'));
    await expect(given).rejects.toThrow('given up');
    first.end(new Error('broke'));
    await expect(failing).rejects.toThrow('broke');
    expect(await last).toBe('last');
    expect(await lanes.run('acme:1', { most: 1, signal: never }, async () => 'again')).toBe('again');
  });

  it('are not taken by who gave up before, nor by another account', async () => {
    const lanes = new Lanes();
    const busy = held();
    const first = lanes.run('acme:1', { most: 1, signal: never }, () => busy.done);
    const gone = lanes.run('acme:1', { most: 1, signal: AbortSignal.abort(new Error('gone')) }, async () => 'gone');
    await expect(gone).rejects.toThrow('gone');
    expect(await lanes.run('acme:2', { most: 1, signal: never }, async () => 'other')).toBe('other');
    busy.end();
    await first;
  });
});
