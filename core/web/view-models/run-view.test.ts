import { describe, expect, it } from '@jest/globals';
import type { Run } from '../../syncs/syncs.ts';
import { runView } from './run-view.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 10, 0, seconds));

function run(change: Partial<Run>): Run {
  const counters = {
    pages: 1,
    total: undefined,
    seen: 0,
    written: 0,
    unchanged: 0,
    deleted: 0,
    failed: 0,
    failures: [],
    notes: [],
    heldBack: 0,
    allowDeletions: false,
    attempts: 1,
  };
  const times = { queuedAt: at(0), startedAt: at(1), finishedAt: at(9) };
  const run = {
    id: 'r',
    storeId: 's',
    integrationId: 'i',
    stream: 'contacts',
    trigger: 'manual',
    mode: 'full',
    status: 'succeeded',
  };
  return { ...run, ...counters, ...times, requestedBy: undefined, errorCode: undefined, message: undefined, ...change } as Run;
}

describe('a sync in the list', () => {
  const cases: readonly [Partial<Run>, string, string][] = [
    [{ status: 'queued', startedAt: undefined, finishedAt: undefined }, 'idle', 'Starts in a moment'],
    [{ status: 'running', seen: 1200, total: 3412, finishedAt: undefined }, 'busy', '1,200 of 3,412 read · page 1'],
    [{ status: 'running', seen: 1200, finishedAt: undefined }, 'busy', '1,200 read so far · page 1'],
    [{ status: 'failed', seen: 400, written: 400 }, 'bad', '400 records read, 400 new or changed'],
    [{ status: 'partial', seen: 10, failed: 2 }, 'warn', '10 records read, 2 could not be read'],
    [{ status: 'cancelled', seen: 1 }, 'idle', '1 record read'],
    [{ seen: 3412, written: 12, deleted: 3 }, 'good', '3,412 records read, 12 new or changed, 3 removed'],
    [{ seen: 3412 }, 'good', '3,412 records read, nothing had changed'],
    [{}, 'good', 'Nothing had changed'],
  ];

  it('shows what the provider withheld from one that went well', () => {
    expect(runView(run({ message: 'Synced.', notes: ['Rows were withheld.', 'Sampled.'] }), 'C').message).toBe(
      'Rows were withheld. Sampled.',
    );
  });

  it('asks about deletions it held back until a later one has been', () => {
    const held = run({ status: 'partial', heldBack: 21 });
    expect(runView(held, 'C', { latest: true }).heldBack).toBe(21);
    expect(runView(held, 'C', { latest: false }).heldBack).toBe(0);
  });

  it.each(cases)('%j is %s: %s', (change, tone, result) => {
    expect(runView(run(change), 'Contacts')).toMatchObject({ tone, result, stream: 'Contacts' });
  });

  it('that met trouble at the provider says that it is tried again, and why', () => {
    const waiting = { status: 'queued', message: 'Acme has a problem on its side just now.', attempts: 2 } as const;
    expect(runView(run({ ...waiting, seen: 1200 }), 'C')).toMatchObject({
      text: 'Trying again',
      tone: 'warn',
      result: '1,200 read so far. It is tried again by itself',
      message: waiting.message,
      active: true,
    });
    expect(runView(run(waiting), 'C').result).toBe('It is tried again by itself');
  });

  it('shows how far it is only while it runs and the provider tells how many there are', () => {
    expect(runView(run({ status: 'running', seen: 1706, total: 3412 }), 'C').percent).toBe(50);
    expect(runView(run({ status: 'running', seen: 4000, total: 3412 }), 'C').percent).toBeUndefined();
    expect(runView(run({ status: 'running', seen: 5 }), 'C').percent).toBeUndefined();
    expect(runView(run({ seen: 5, total: 5 }), 'C').percent).toBeUndefined();
  });

  it('says why it failed, and nothing more once it succeeded', () => {
    expect(runView(run({ status: 'failed', message: 'Acme did not answer.' }), 'C').message).toBe('Acme did not answer.');
    expect(runView(run({ message: 'Synced.' }), 'C').message).toBeUndefined();
  });

  it('names the records that could not be read, and how many more there were', () => {
    const view = runView(run({ status: 'partial', failed: 5, failures: [{ id: 'a', reason: 'No name.' }] }), 'C');
    expect(view).toMatchObject({ failures: [{ id: 'a', reason: 'No name.' }], moreFailures: 4 });
  });

  it.each([
    [1.2, 'under a second'],
    [9, '8 seconds'],
    [2, '1 second'],
    [61, '1 minute'],
    [301, '5 minutes'],
  ])('that ended %d s after it was queued took %s', (seconds, took) => {
    expect(runView(run({ finishedAt: new Date(at(0).getTime() + seconds * 1000) }), 'C').took).toBe(took);
  });
});
