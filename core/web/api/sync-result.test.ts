import { describe, expect, it } from '@jest/globals';
import type { Run } from '../../syncs/syncs.ts';
import { syncResult } from './sync-result.ts';

const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 9, 0, second));

function run(more: Partial<Run>): Run {
  const counts = { seen: 0, written: 0, unchanged: 0, deleted: 0, failed: 0, failures: [] };
  return { id: 'r', stream: 'contacts', status: 'succeeded', queuedAt: at(0), startedAt: at(1), ...counts, ...more } as Run;
}

describe('the result of a flat sync', () => {
  it('names what failed, and why', () => {
    const failures = [{ id: 'c9', reason: 'no email' }];
    const runs = [
      run({ seen: 10, failed: 1, failures, status: 'partial', message: 'Synced 9 of 10.', finishedAt: at(3) }),
      run({ id: 's', stream: 'deals', status: 'failed', message: 'The provider is away.', finishedAt: at(4) }),
    ];
    expect(syncResult(runs, at(30))).toEqual({
      success: false,
      totalRecords: 10,
      syncedRecords: 9,
      failedRecords: 1,
      duration: 3000,
      message: 'The sync of contacts, deals did not succeed.',
      errors: ['contacts: Synced 9 of 10.', 'contacts c9: no email', 'deals: The provider is away.'],
      runs: ['r', 's'],
    });
  });

  it('says that a run goes on', () => {
    const result = syncResult([run({ status: 'running', seen: 200 })], at(26));
    expect(result).toMatchObject({ success: true, totalRecords: 200, duration: 25_000, errors: [] });
    expect(result.message).toContain('goes on');
  });

  it('says that there was nothing to do', () => {
    expect(syncResult([], at(0))).toMatchObject({
      success: true,
      duration: 0,
      message: expect.stringContaining('nothing to sync'),
    });
  });

  it("gives a success in the run's own words", () => {
    const done = run({ seen: 3, unchanged: 3, message: 'Synced 3 contacts.', finishedAt: at(2) });
    expect(syncResult([done], at(9))).toMatchObject({
      success: true,
      syncedRecords: 3,
      message: 'Synced 3 contacts.',
      errors: [],
    });
  });
});
