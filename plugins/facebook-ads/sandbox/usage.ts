import { Refusal } from './answers.ts';

/** What the panel may switch on: how much of the limit is used, and whether it is reached. */
export interface Usage {
  percent: number;
  /** Minutes until the account may call again. */
  regain: number;
  reached: boolean;
}

export const CALM: Usage = { percent: 3, regain: 0, reached: false };

const TYPES = {
  ads_insights: { code: 80000, about: 'ads-insights' },
  ads_management: { code: 80004, about: 'ads-management' },
  pages: { code: 80001, about: 'pages' },
} as const;
export type UseCase = keyof typeof TYPES;

/** The headers that say how much of the limits is used; every number is a percentage. */
export function usageHeaders(usage: Usage, given: { account?: string; useCase: UseCase }): Record<string, string> {
  const { percent, regain } = usage;
  const app = { call_count: 1, total_cputime: 1, total_time: 1 };
  if (!given.account) return { 'x-app-usage': JSON.stringify(app) };
  const one = {
    type: given.useCase,
    call_count: percent,
    total_cputime: Math.floor(percent / 2),
    total_time: Math.floor(percent / 3),
    estimated_time_to_regain_access: regain,
    ads_api_access_tier: 'standard_access',
  };
  return {
    'x-app-usage': JSON.stringify(app),
    'x-business-use-case-usage': JSON.stringify({ [given.account.replace('act_', '')]: [one] }),
    ...(given.useCase === 'ads_insights' && {
      'x-fb-ads-insights-throttle': JSON.stringify({
        app_id_util_pct: 1,
        acc_id_util_pct: percent,
        ads_api_access_tier: 'standard_access',
      }),
    }),
  };
}

/** @throws Refusal while the limit is reached, with status 400 as the provider does */
export function checkUsage(usage: Usage, given: { account?: string; useCase: UseCase }): void {
  if (!usage.reached || !given.account) return;
  const { code, about } = TYPES[given.useCase];
  throw new Refusal({
    code,
    subcode: 2446079,
    message: `(#${code}) There have been too many calls to this ${about} account. Wait a bit and try again.`,
    transient: true,
    headers: usageHeaders(usage, given),
  });
}
