import { describe, expect, it } from '@jest/globals';
import type { HubError } from 'patchbay';
import { asksTooMuch } from './api.ts';
import { explain } from './explain.ts';
import { pace } from './pace.ts';

const said = (error: object, headers: Record<string, string> = {}, status = 400) =>
  explain({ status, headers, data: { error: { type: 'OAuthException', ...error } } }) as HubError;

const usage = (one: object) => ({ 'x-business-use-case-usage': JSON.stringify({ '10101010101': [one] }) });

describe('an error of the provider, nearly always with status 400', () => {
  it.each([
    [{ code: 190, error_subcode: 458, message: 'x' }, /app was removed/],
    [{ code: 190, error_subcode: 459, message: 'x' }, /Log in at facebook\.com once/],
    [{ code: 190, error_subcode: 460, message: 'x' }, /password .* was changed/],
    [{ code: 190, error_subcode: 463, message: 'Session has expired' }, /reached its end/],
    [{ code: 190, error_subcode: 467, message: 'x' }, /does not accept this login or token/],
    [{ code: 190, message: 'Invalid OAuth access token' }, /does not accept this login or token/],
    [{ code: 102, message: 'x' }, /does not accept this login or token/],
  ])('%j asks the owner to connect again: %s', (error, words) => {
    expect(said(error)).toMatchObject({ consequence: 'reconnect-needed', message: expect.stringMatching(words) });
  });

  it('of code 190 about a page’s token does not end the login', () => {
    const error = said({ code: 190, message: 'This method must be called with a Page Access Token' }, {}, 403);
    expect(error).toMatchObject({ consequence: 'rejected', code: 'FORBIDDEN' });
    expect(said({ code: 190, error_subcode: 492, message: 'x' })).toMatchObject({ consequence: 'rejected', code: 'FORBIDDEN' });
  });

  it.each([4, 17, 32, 341, 613, 80_000, 80_001, 80_004, 80_014])('%i waits a minute where nothing says how long', (code) => {
    const error = said({ code, message: `(#${code}) limit reached` });
    expect(error).toMatchObject({ consequence: 'try-later', code: 'RATE_LIMIT_EXCEEDED', afterSeconds: 60 });
  });

  it('over the limit waits for as many minutes as the usage header estimates', () => {
    const headers = usage({ type: 'ads_insights', call_count: 100, estimated_time_to_regain_access: 7 });
    expect(said({ code: 80_000, message: 'x' }, headers).afterSeconds).toBe(420);
    const reset = { 'x-ad-account-usage': JSON.stringify({ acc_id_util_pct: 100, reset_time_duration: 90 }) };
    expect(said({ code: 17, message: 'x' }, reset).afterSeconds).toBe(90);
    expect(said({ code: 17, message: 'x' }, { 'x-business-use-case-usage': 'garbage' }).afterSeconds).toBe(60);
  });

  it.each([
    [3, 403],
    [10, 403],
    [200, 403],
    [299, 400],
  ])('%i says that access is missing, and where to ask for it', (code, status) => {
    const error = said({ code, message: `(#${code}) ads_read permission` }, {}, status);
    expect(error).toMatchObject({
      consequence: 'rejected',
      code: 'FORBIDDEN',
      message: expect.stringMatching(/Business Settings/),
    });
    expect(error.message).not.toContain('(#');
  });

  it.each([
    { code: 1, message: "Please reduce the amount of data you're asking for, then retry your request" },
    { code: 100, error_subcode: 1504018, message: 'timed out' },
    { code: 2, error_subcode: 1504038, message: 'timed out' },
  ])('%j is one that smaller questions may avoid', (error) => {
    expect(asksTooMuch(said(error))).toBe(true);
    expect(said(error).consequence).toBe('try-later');
  });

  it.each([
    [{ code: 1, message: 'An unknown error occurred' }, 'try-later'],
    [{ code: 2, message: 'Service temporarily unavailable' }, 'try-later'],
    [{ code: -2, error_subcode: 2490547, message: 'async job failed' }, 'try-later'],
    [{ code: 999, is_transient: true, message: 'x' }, 'try-later'],
    [{ code: 100, error_subcode: 33, message: 'Unsupported get request' }, 'not-found'],
    [{ code: 803, message: 'x' }, 'not-found'],
    [{ code: 100, message: '(#100) Tried accessing nonexisting field (foo)' }, 'rejected'],
    [{ code: 368, message: 'x' }, 'rejected'],
    [{ code: 506, message: 'x' }, 'rejected'],
    [{ code: 2635, message: 'x' }, 'rejected'],
  ])('%j is %s', (error, consequence) => {
    expect(said(error)).toMatchObject({ consequence });
    expect(asksTooMuch(said(error))).toBe(false);
  });

  it('about the app’s own secret is the operator’s to mend', () => {
    expect(said({ code: 1, message: 'Error validating client secret.' })).toMatchObject({ code: 'PLUGIN_UNAVAILABLE' });
    expect(said({ code: 101, message: 'Error validating application.' })).toMatchObject({ code: 'PLUGIN_UNAVAILABLE' });
  });

  it('prefers the words meant for people', () => {
    const error = said({ code: 100, message: 'Invalid parameter', error_user_msg: 'The budget is too low' });
    expect(error.message).toBe('Facebook refused this: The budget is too low.');
  });

  it('of another shape is left to the hub', () => {
    expect(explain({ status: 500, headers: {}, data: '<html>' })).toBeUndefined();
    expect(explain({ status: 400, headers: {}, data: { error: 'invalid_grant' } })).toBeUndefined();
  });
});

describe('the pace after an answer', () => {
  const of = (headers: Record<string, string>) => pace({ headers });

  it('is not slowed by little use, nor by headers that cannot be read', () => {
    expect(of({})).toBeUndefined();
    expect(of({ 'x-app-usage': '{"call_count":79,"total_cputime":25,"total_time":25}' })).toBeUndefined();
    expect(of({ 'x-app-usage': 'null', 'x-business-use-case-usage': '{"1":{"call_count":"many"}}' })).toBeUndefined();
  });

  it('slows from 80 % on, by whichever figure is highest', () => {
    expect(of({ 'x-app-usage': '{"call_count":10,"total_cputime":90,"total_time":25}' })).toBe(30);
    expect(of({ 'x-fb-ads-insights-throttle': '{"app_id_util_pct":0,"acc_id_util_pct":100}' })).toBe(60);
    expect(of(usage({ call_count: 80, total_cputime: 1, total_time: 1, estimated_time_to_regain_access: 0 }))).toBe(1);
  });

  it('rests for as long as the provider says', () => {
    expect(of(usage({ call_count: 100, estimated_time_to_regain_access: 19 }))).toBe(1140);
  });
});
