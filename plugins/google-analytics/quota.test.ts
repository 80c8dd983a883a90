import { describe, expect, it } from '@jest/globals';
import type { HubError, Reply } from 'patchbay';
import { explain } from './explain.ts';
import { pace, untilNextDay, untilNextHour } from './quota.ts';

describe('explaining answers', () => {
  const google = (code: number, status: string, message: string) => ({
    status: code,
    headers: {},
    data: { error: { code, message, status } },
  });

  it('ends the connection over a removed consent, and over nothing else of the token endpoint', () => {
    const reply = {
      status: 400,
      headers: {},
      data: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' },
    };
    expect(explain(reply)).toMatchObject({ consequence: 'reconnect-needed', message: expect.stringMatching(/Connect it again/) });
    expect(explain({ ...reply, data: { error: 'invalid_client' } })).toBeUndefined();
  });

  it.each([
    ['Exhausted property tokens per hour. These quota tokens will return in under an hour.', 3630, 30],
    ['Exhausted property tokens for a project per hour. These quota tokens will return in under an hour.', 3630, 30],
    ['Exhausted property tokens per day. These quota tokens will return in under a day.', 86_460, 60],
    ['Exhausted concurrent requests quota. Please send fewer requests concurrently.', 10, 10],
    ['Quota exceeded for quota metric.', 60, 60],
  ])('waits as long as "%s" means', (message, most, least) => {
    const error = explain(google(429, 'RESOURCE_EXHAUSTED', message)) as HubError;
    expect(error).toMatchObject({ consequence: 'try-later', code: 'RATE_LIMIT_EXCEEDED' });
    expect(error.afterSeconds).toBeLessThanOrEqual(most);
    expect(error.afterSeconds).toBeGreaterThanOrEqual(least);
  });

  it('takes a report that cannot be made for a mistake, in Google’s words and without its links', () => {
    const message =
      "Please remove itemId to make the request compatible. The request's dimensions & metrics are incompatible. To learn more, see https://ga-dev-tools.google/ga4/dimensions-metrics-explorer/";
    expect(explain(google(400, 'INVALID_ARGUMENT', message))).toMatchObject({
      consequence: 'rejected',
      message:
        "Google Analytics cannot make this report for the property: Please remove itemId to make the request compatible. The request's dimensions & metrics are incompatible.",
    });
  });

  it('leaves 401 and answers that are not Google’s to the hub', () => {
    expect(explain(google(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.'))).toBeUndefined();
    for (const status of [403, 404, 429, 500]) expect(explain({ status, headers: {}, data: '<html>' })).toBeUndefined();
  });
});

describe('resting', () => {
  const at = Date.parse('2026-11-20T19:20:00Z');
  const reply = (quota: object, status = 200): Reply => ({ status, headers: {}, data: { propertyQuota: quota } });

  it('counts to the next hour, and to midnight in California', () => {
    expect(untilNextHour(at)).toBe(40 * 60 + 30);
    expect(untilNextDay(at)).toBe(12 * 3600 + 40 * 60 + 60);
    expect(untilNextDay(Date.parse('2026-07-01T07:00:00Z'))).toBe(24 * 3600 + 60);
  });

  it('goes on while there is enough of everything', () => {
    expect(
      pace(reply({ tokensPerHour: { consumed: 5, remaining: 39_000 }, concurrentRequests: { remaining: 9 } }), at),
    ).toBeUndefined();
    expect(pace({ status: 204, headers: {}, data: undefined }, at)).toBeUndefined();
  });

  it.each([
    ['tokensPerHour', 40 * 60 + 30],
    ['tokensPerProjectPerHour', 40 * 60 + 30],
    ['potentiallyThresholdedRequestsPerHour', 40 * 60 + 30],
    ['serverErrorsPerProjectPerHour', 40 * 60 + 30],
    ['tokensPerDay', 12 * 3600 + 40 * 60 + 60],
    ['concurrentRequests', 5],
  ])('rests when %s is nearly used up, also where a zero is left out', (name, seconds) => {
    expect(pace(reply({ [name]: { consumed: 9, remaining: 1 } }), at)).toBe(seconds);
    expect(pace(reply({ [name]: { consumed: 9 } }), at)).toBe(seconds);
  });

  it('rests after an error of Google’s own, as ten in an hour block the property', () => {
    expect(pace({ status: 500, headers: {}, data: '' }, at)).toBe(600);
    expect(
      (explain({ status: 503, headers: {}, data: { error: { code: 503, message: 'x', status: 'UNAVAILABLE' } } }) as HubError)
        .afterSeconds,
    ).toBe(600);
  });
});
