import { describe, expect, it } from '@jest/globals';
import { until } from '../../tests/support/wait.ts';
import { Full, GroupCommit, type GroupCommitOptions } from './group-commit.ts';

interface Item {
  readonly id: string;
  readonly owner?: string;
  readonly bytes?: number;
}

/** Flushes wait until they are let go. */
function held(options: Partial<GroupCommitOptions<Item>> = {}) {
  const flushes: { ids: string[]; go: () => void; fail: (error: Error) => void }[] = [];
  const commit = new GroupCommit<Item>({
    flush: (items) =>
      new Promise<void>((go, fail) => {
        flushes.push({ ids: items.map(({ id }) => id), go, fail });
      }),
    bytesOf: ({ bytes = 0 }) => bytes,
    ownerOf: ({ owner = 'one' }) => owner,
    isOutage: (error) => (error as Error).message === 'away',
    ...options,
  });
  const flush = (at: number) => until(() => flushes[at], { what: `flush ${at}` });
  return { commit, flushes, flush };
}

const said = (adding: Promise<void>) =>
  adding.then(
    () => 'stored',
    (error: Error) => (error instanceof Full ? 'full' : error.message),
  );

describe('a group commit', () => {
  it('fails all of a flush when the database is away, and tries them one by one when one of them is at fault', async () => {
    const { commit, flush, flushes } = held();
    const first = ['a', 'b'].map((id) => said(commit.add([{ id }])));
    (await flush(0)).fail(new Error('away'));
    expect(await Promise.all(first)).toEqual(['away', 'away']);
    const second = ['good', 'bad'].map((id) => said(commit.add([{ id }])));
    (await flush(1)).fail(new Error('poison'));
    (await flush(2)).go();
    (await flush(3)).fail(new Error('poison'));
    expect(await Promise.all(second)).toEqual(['stored', 'poison']);
    expect(flushes.map(({ ids }) => ids)).toEqual([['a', 'b'], ['good', 'bad'], ['good'], ['bad']]);
  });

  it('refuses at once what is more than may wait, in number or in bytes, and takes in again afterwards', async () => {
    const { commit, flush } = held({ most: { items: 3, bytes: 100 } });
    const flying = said(commit.add([{ id: 'flying' }]));
    const flight = await flush(0);
    const waiting = said(commit.add([{ id: 'a', owner: 'a', bytes: 90 }]));
    expect(await said(commit.add([{ id: 'b', owner: 'b', bytes: 20 }]))).toBe('full');
    const small = said(commit.add([{ id: 'c', owner: 'c', bytes: 5 }]));
    expect(
      await said(
        commit.add([
          { id: 'd', owner: 'd' },
          { id: 'e', owner: 'd' },
        ]),
      ),
    ).toBe('full');
    flight.go();
    (await flush(1)).go();
    expect(await Promise.all([flying, waiting, small])).toEqual(['stored', 'stored', 'stored']);
    const again = said(commit.add([{ id: 'b', bytes: 20 }]));
    (await flush(2)).go();
    expect(await again).toBe('stored');
  });

  it('leaves half of the room to others, however much one of them brings', async () => {
    const { commit, flush } = held({ most: { items: 4, bytes: 1000 } });
    void said(commit.add([{ id: 'flying' }]));
    const flight = await flush(0);
    const greedy = ['1', '2', '3'].map((id) => said(commit.add([{ id, owner: 'greedy' }])));
    expect(await greedy[2]).toBe('full');
    const other = said(commit.add([{ id: 'other', owner: 'other' }]));
    flight.go();
    const next = await flush(1);
    expect(next.ids).toEqual(['1', '2', 'other']);
    next.go();
    expect(await other).toBe('stored');
  });

  it('has one flush under way, and all that came meanwhile in the next', async () => {
    const { commit, flush, flushes } = held();
    const adding = [said(commit.add([{ id: '0' }]))];
    const first = await flush(0);
    for (const id of ['1', '2', '3']) adding.push(said(commit.add([{ id }])));
    expect(flushes).toHaveLength(1);
    expect(commit.busy).toBe(true);
    first.go();
    const second = await flush(1);
    expect(second.ids).toEqual(['1', '2', '3']);
    second.go();
    expect(await Promise.all(adding)).toEqual(['stored', 'stored', 'stored', 'stored']);
    await commit.settled();
    expect(commit.busy).toBe(false);
  });

  it('may have two under way, and keeps in order what must be, which holds back nothing else', async () => {
    const { commit, flush, flushes } = held({ atOnce: 2, laneOf: ({ owner }) => owner });
    const adding = [said(commit.add([{ id: '1', owner: 'a' }]))];
    const first = await flush(0);
    adding.push(said(commit.add([{ id: '2', owner: 'b' }])), said(commit.add([{ id: '3' }])));
    const second = await flush(1);
    expect(second.ids).toEqual(['2', '3']);
    for (const owner of ['a', 'b', 'c']) adding.push(said(commit.add([{ id: `next of ${owner}`, owner }])));
    second.go();
    await until(async () => (await Promise.race([adding[2], 'waits'])) === 'stored', { what: 'the second flush to be told of' });
    const third = await flush(2);
    expect(third.ids).toEqual(['next of b', 'next of c']);
    expect(flushes).toHaveLength(3);
    first.go();
    const fourth = await flush(3);
    expect(fourth.ids).toEqual(['next of a']);
    third.go();
    fourth.go();
    expect(await Promise.all(adding)).toEqual(adding.map(() => 'stored'));
    await commit.settled();
    expect(commit.busy).toBe(false);
  });

  it('keeps the order of a lane also where a call has to wait for the next flush', async () => {
    const { commit, flush } = held({ flushItems: 3, laneOf: ({ id }) => (id.endsWith('L') ? 'L' : undefined) });
    const add = (...ids: string[]) => void said(commit.add(ids.map((id) => ({ id }))));
    add('a');
    const first = await flush(0);
    add('b');
    add('c', 'd', '1 L');
    add('2 L');
    add('e');
    first.go();
    const second = await flush(1);
    expect(second.ids).toEqual(['b', 'e']);
    second.go();
    const third = await flush(2);
    expect(third.ids).toEqual(['c', 'd', '1 L']);
    third.go();
    const fourth = await flush(3);
    expect(fourth.ids).toEqual(['2 L']);
    fourth.go();
    await commit.settled();
  });

  it('takes what is added by one who has just been told', async () => {
    const { commit, flush } = held();
    const adding = said(commit.add([{ id: 'first' }])).then(() => said(commit.add([{ id: 'second' }])));
    (await flush(0)).go();
    (await flush(1)).go();
    expect(await adding).toBe('stored');
  });

  it('keeps what was added together in one flush', async () => {
    const { commit, flush } = held({ flushItems: 2 });
    void said(commit.add([{ id: 'a' }]));
    (await flush(0)).go();
    void said(commit.add([{ id: 'b' }, { id: 'c' }, { id: 'd' }]));
    void said(commit.add([{ id: 'e' }]));
    const together = await flush(1);
    expect(together.ids).toEqual(['b', 'c', 'd']);
    together.go();
    const rest = await flush(2);
    expect(rest.ids).toEqual(['e']);
    rest.go();
  });
});
