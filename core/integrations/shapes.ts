import type { Account, Grant, OAuthTokens, Option, Subscribed, TestResult } from '../sdk/index.ts';

/** What plugins return is believed only once its shape was seen: these throw plain errors, which become PluginFaults. */

/** Of a token, in seconds: a century. Whoever says more means that it has no end, and there may be no date for it. */
export const LONGEST_LIFETIME = 100 * 365 * 86_400;

export function checkedAccount(value: unknown): Account {
  const account = record(value, 'identify() did not return an account');
  const externalId = text(account['externalId'], 'identify() returned an account without externalId');
  const label = text(account['label'], 'identify() returned an account without label');
  const { mode, vars, expiresAt } = account;
  if (expiresAt !== undefined && Number.isNaN(Date.parse(String(expiresAt)))) {
    throw new Error('identify() returned an account whose expiresAt is no moment');
  }
  if (mode !== undefined && mode !== 'test' && mode !== 'live') {
    throw new Error("identify() returned an account whose mode is neither 'test' nor 'live'");
  }
  return {
    externalId,
    label,
    ...(vars !== undefined && { vars: texts(vars, 'identify() returned vars') }),
    ...(mode && { mode }),
    ...(expiresAt !== undefined && { expiresAt: new Date(String(expiresAt)).toISOString() }),
  };
}

export function checkedSubscribed(value: unknown): Subscribed | undefined {
  if (value === undefined) return undefined;
  const subscribed = record(value, 'subscribe() returned neither { id } nor undefined');
  const id = text(subscribed['id'], 'subscribe() returned no id');
  const { secrets, accounts = [] } = subscribed;
  if (!Array.isArray(accounts)) throw new Error('subscribe() returned accounts that are no list');
  return {
    id,
    ...(secrets !== undefined && { secrets: texts(secrets, 'subscribe() returned secrets') }),
    accounts: accounts.map((account) => text(account, 'subscribe() returned an account that is no text')),
  };
}

export function checkedTest(value: unknown): TestResult {
  const result = record(value, 'test() did not return a result');
  const message = text(result['message'], 'test() returned no message');
  const told = { message, ...(result['partly'] === true && { partly: true }) };
  if (result['counts'] === undefined) return told;
  const counts = Object.entries(record(result['counts'], 'test() returned counts that are no object'));
  for (const [stream, count] of counts) {
    if (typeof count !== 'number' || !Number.isFinite(count)) throw new Error(`test() returned no number for "${stream}"`);
  }
  return { ...told, counts: Object.fromEntries(counts) as Record<string, number> };
}

export function checkedOptions(value: unknown, name: string): Option[] {
  if (!Array.isArray(value)) throw new Error(`the loader of "${name}" did not return a list`);
  return value.map((entry) => {
    const option = record(entry, `the loader of "${name}" returned an entry that is no object`);
    return {
      value: text(option['value'], `the loader of "${name}" returned an entry without value`),
      label: text(option['label'], `the loader of "${name}" returned an entry without label`),
    };
  });
}

export function checkedTokens(value: unknown): OAuthTokens {
  const tokens = record(value, 'refresh() did not return tokens');
  const { refreshToken, expiresInSeconds } = tokens;
  return {
    accessToken: text(tokens['accessToken'], 'refresh() returned no access token'),
    ...(typeof refreshToken === 'string' && refreshToken && { refreshToken }),
    ...(typeof expiresInSeconds === 'number' && Math.abs(expiresInSeconds) < LONGEST_LIFETIME && { expiresInSeconds }),
  };
}

export function checkedGrant(value: Grant): Grant {
  const { access_token: _, refresh_token: __, id_token: ___, accessToken: ____, refreshToken: _____, ...grant } = value;
  return grant;
}

export function record(value: unknown, fault: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(fault);
}

function texts(value: unknown, what: string): Record<string, string> {
  const entries = Object.entries(record(value, `${what} that are no object`));
  return Object.fromEntries(entries.map(([key, of]) => [key, text(of, `${what} with "${key}", which is no text`)]));
}

function text(value: unknown, fault: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(fault);
}
