import { describe, expect, it } from '@jest/globals';
import type { ErrorCode } from '../../sdk/index.ts';
import type { DayFigures } from '../../syncs/run-history-store.ts';
import { progressView } from './progress-view.ts';
import { adviceFor } from './run-advice.ts';
import { runsChart } from './runs-chart.ts';
import { runFilter, runQuery } from './runs-page.ts';
import { streamHealth } from './stream-health.ts';

const now = new Date('2026-11-21T12:00:00Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

describe('what one asks to see of the history', () => {
  it('is everything where it makes no sense', () => {
    const query = runQuery({ state: 'perhaps', time: ['day', 'week'], page: '-3', stream: 'x'.repeat(500) });
    expect(query).toMatchObject({ time: '', page: 1 });
    expect(runFilter({ ...query, stream: '' }, now)).toEqual({ stream: undefined, statuses: undefined, since: undefined });
  });

  it('is a kind, an outcome and a time', () => {
    expect(runFilter(runQuery({ stream: 'contacts', state: 'active', time: 'day' }), now)).toEqual({
      ...{ stream: 'contacts', statuses: ['queued', 'running'] },
      since: new Date('2026-11-20T12:00:00Z'),
    });
  });
});

describe('what to do about a sync', () => {
  const advice = (change: object, canManage = true) =>
    adviceFor({
      run: { status: 'failed', errorCode: undefined, failed: 0, heldBack: 0, queuedAt: ago(60), ...change },
      ...{ provider: 'Acme', href: '/i', canManage },
    });

  it.each<[ErrorCode, RegExp, string | undefined]>([
    ['RECONNECT_NEEDED', /^Connect Acme again/, '/i/reconnect'],
    ['CONFIG_SCHEMA_INVALID', /settings/, '/i/configure'],
    ['CONNECTION_FAILED', /nothing is lost/, undefined],
    ['RATE_LIMIT_EXCEEDED', /later/, undefined],
    ['INTERNAL', /not your doing/, undefined],
  ])('that failed with %s is said, with the way there', (errorCode, words, href) => {
    expect(advice({ errorCode })).toEqual({
      text: expect.stringMatching(words),
      link: href && expect.objectContaining({ href }),
    });
  });

  it('leads nobody where they may not go', () => {
    expect(advice({ errorCode: 'RECONNECT_NEEDED' }, false)?.link).toBeUndefined();
  });

  it('is nothing once a later one brought everything, or where all went well', () => {
    const run = { status: 'failed' as const, errorCode: 'RECONNECT_NEEDED', failed: 0, heldBack: 0, queuedAt: ago(60) };
    const later = adviceFor({ run, freshAt: ago(5), provider: 'Acme', href: '/i', canManage: true });
    expect(later).toEqual({ text: expect.stringContaining('nothing to do'), link: undefined });
    expect(advice({ status: 'succeeded' })).toBeUndefined();
    const partial = { ...run, status: 'partial' as const, failed: 2 };
    const still = adviceFor({ run: partial, freshAt: ago(5), provider: 'Acme', href: '/i', canManage: true });
    expect(still?.text).toMatch(/stay here as they were/);
  });

  it('says of records that failed, and of deletions held back, what became of them', () => {
    expect(advice({ status: 'partial', failed: 2 })?.text).toMatch(/stay here as they were/);
    expect(advice({ status: 'partial', heldBack: 40 })?.text).toMatch(/really gone/);
  });
});

describe('how far a sync is', () => {
  it('says pages, speed and what is left where the provider tells how many there are', () => {
    const run = { status: 'running' as const, seen: 1000, total: 5000, pages: 10, message: undefined, perSecond: 50 };
    expect(progressView(run)).toEqual({
      text: '1,000 of 5,000 read · page 10 · 50 a second · about 80 seconds left',
      ...{ percent: 20, perSecond: 50, remaining: 4000, secondsLeft: 80 },
    });
    expect(progressView({ ...run, total: undefined })).toMatchObject({
      text: '1,000 read so far · page 10 · 50 a second',
      ...{ percent: undefined, remaining: undefined, secondsLeft: undefined },
    });
  });

  it('does not believe a total that is less than what came', () => {
    const run = { status: 'running' as const, seen: 1000, total: 900, pages: 10, message: undefined };
    expect(progressView(run)).toMatchObject({ text: '1,000 read so far · page 10', percent: undefined, remaining: undefined });
  });

  it('says that it stops after this page once it is cancelled', () => {
    const run = { status: 'running' as const, seen: 1000, total: 5000, pages: 10, message: undefined, cancelling: true };
    expect(progressView(run).text).toBe('1,000 read; stops after this page');
  });
});

describe('how a kind of record fares', () => {
  const figures = {
    stream: 'contacts',
    ended: 10,
    succeeded: 10,
    freshAt: ago(30),
    lastSuccessAt: ago(29),
    activeSince: undefined,
  };
  const health = (change: object, everyMinutes: number | null = 60) =>
    streamHealth({
      streams: [{ name: 'contacts', title: 'Contacts' }],
      ...{ figures: [{ ...figures, ...change }], schedules: [{ stream: 'contacts', everyMinutes }], now },
    })[0];

  it.each<[string, object, string]>([
    ['none succeeded', { succeeded: 0 }, 'Failing'],
    ['the last success is much older than its schedule', { freshAt: ago(300) }, 'Behind'],
    ['one in five failed', { succeeded: 8 }, 'Unsteady'],
    ['none has ended yet', { ended: 0, succeeded: 0, freshAt: undefined, lastSuccessAt: undefined }, 'No sync yet'],
    ['all succeeded in time', {}, 'Well'],
  ])('where %s', (_, change, state) => {
    expect(health(change)?.state).toBe(state);
  });

  it('is as late as it lags behind its schedule, and never late by hand', () => {
    expect(health({ freshAt: ago(300) })?.lag).toBe('4 hours late');
    expect(health({})?.lag).toBe('On time');
    expect(health({ freshAt: ago(30_000) }, null)).toMatchObject({ lag: undefined, state: 'Well' });
  });
});

describe('the drawing of a month', () => {
  const day = (change: Partial<DayFigures>): DayFigures => ({
    ...{ day: '2026-11-20', succeeded: 0, partial: 0, failed: 0, cancelled: 0, records: 0 },
    ...change,
  });

  it('is left out where nothing has run', () => {
    expect(runsChart([day({}), day({ day: '2026-11-21' })])).toBeUndefined();
  });

  it('says in words what it shows, and stacks a day to its whole height', () => {
    const chart = runsChart([
      day({ succeeded: 3, failed: 1, records: 1200 }),
      day({ day: '2026-11-21', succeeded: 1, records: 3 }),
    ]);
    expect(chart).toMatchObject({ mostRuns: 4, mostRecords: 1200, from: '20 Nov', to: '21 Nov' });
    expect(chart?.says).toBe('5 syncs, 1 of them failed; 1,203 records new, changed or removed.');
    expect(chart?.days.map(({ day }) => day)).toEqual(['2026-11-21', '2026-11-20']);
    expect(chart?.runs).toContain('<title>20 Nov: 3 done, 1 failed; 1,200 records changed</title>');
    expect(chart?.runs).toContain('<rect class="bar-succeeded" x="1" y="25" width="8" height="75"/>');
    expect(chart?.runs).toContain('<rect class="bar-failed" x="1" y="0" width="8" height="25"/>');
    expect(chart?.runs).toMatch(/role="img" aria-labelledby="runs-chart-title runs-chart-desc"/);
  });
});
