import {
  type Campaign,
  type Contact,
  isoTime,
  isRaw,
  type Model,
  type Money,
  type Raw,
  Rejected,
  type Report,
  rows,
  text,
} from 'patchbay';
import { minorOfBudget, minorOfMajor, numberOf } from './money.ts';

const STATUS: Readonly<Record<string, Campaign['status']>> = {
  ACTIVE: 'active',
  PAUSED: 'paused',
  ARCHIVED: 'archived',
  DELETED: 'ended',
  IN_PROCESS: 'scheduled',
  WITH_ISSUES: 'active',
};

export const campaignModel: Model = {
  kind: 'campaign',
  of(data): Campaign {
    const name = text(data['name']) ?? text(data['id']);
    if (!name) throw new Rejected('This campaign has neither a name nor an id.');
    const budget = budgetOf(data);
    const [objective, starts, ends] = [text(data['objective']), isoTime(data['start_time']), isoTime(data['stop_time'])];
    return {
      name,
      channel: 'ads',
      status: STATUS[text(data['effective_status']) ?? ''] ?? 'paused',
      ...(objective && { objective }),
      ...(budget && { budget }),
      ...(starts && { startsAt: { at: starts } }),
      ...(ends && { endsAt: { at: ends } }),
    };
  },
};

function budgetOf(data: Raw): Money | undefined {
  const [budget, currency] = [numberOf(data['daily_budget']) ?? numberOf(data['lifetime_budget']), text(data['currency'])];
  return budget === undefined || !currency ? undefined : { amount: minorOfBudget(budget, currency), currency };
}

export const leadModel: Model = {
  kind: 'contact',
  of(data): Contact {
    const given = isRaw(data['contact']) ? data['contact'] : {};
    const one = (name: string) => {
      const value = text(given[name]);
      return value ? { [name]: value } : {};
    };
    const address = { ...one('line1'), ...one('city'), ...one('state'), ...one('postalCode'), ...one('country') };
    const created = isoTime(data['created_time']);
    const tags = Array.isArray(data['tags']) ? data['tags'].filter((tag) => typeof tag === 'string') : [];
    const campaign = text(data['campaign_name']) ?? text(data['campaign_id']);
    return {
      ...one('email'),
      ...one('phone'),
      ...one('name'),
      ...one('firstName'),
      ...one('lastName'),
      ...one('company'),
      ...(Object.keys(address).length > 0 && { address }),
      ...(tags.length > 0 && { tags }),
      source: campaign ? `Facebook Ads: ${campaign}` : 'Facebook, without an ad',
      ...(created && { createdAt: { at: created } }),
    };
  },
};

const COUNTS = { impressions: 'impressions', reach: 'reach', clicks: 'clicks', inline_link_clicks: 'linkClicks' } as const;
const AMOUNTS = { spend: 'spend', cpc: 'cpc', cpm: 'cpm' } as const;

/** Texts become numbers: money in minor units, the click rate as a share. */
export const insightModel: Model = {
  kind: 'report',
  of(data): Report {
    const [from, to, currency] = [text(data['date_start']), text(data['date_stop']), text(data['account_currency'])];
    if (!from || !to || !currency) throw new Rejected('This row of figures lacks its days or its currency.');
    const zone = text(data['timezone']);
    return { from, to, ...(zone && { zone }), dimensions: dimensionsOf(data), metrics: metricsOf(data, currency), currency };
  },
};

const DIMENSIONS = {
  account_id: 'accountId',
  campaign_id: 'campaignId',
  campaign_name: 'campaign',
  adset_id: 'adSetId',
  adset_name: 'adSet',
  ad_id: 'adId',
  ad_name: 'ad',
  attribution_window: 'attributionWindow',
  age: 'age',
  gender: 'gender',
  country: 'country',
  publisher_platform: 'placement',
  device_platform: 'device',
} as const;

function dimensionsOf(data: Raw): Record<string, string> {
  return Object.fromEntries(
    Object.entries(DIMENSIONS).flatMap(([name, known]) => {
      const value = text(data[name]);
      return value ? [[known, value]] : [];
    }),
  );
}

function metricsOf(data: Raw, currency: string): Record<string, number> {
  const read = (names: Readonly<Record<string, string>>, turn: (value: number) => number) =>
    Object.entries(names).flatMap(([name, known]) => {
      const value = numberOf(data[name]);
      return value === undefined ? [] : [[known, turn(value)] as const];
    });
  const ctr = numberOf(data['ctr']);
  const purchases = attributed(data, 'actions');
  const value = attributed(data, 'action_values');
  const spend = numberOf(data['spend']);
  return {
    ...Object.fromEntries(read(COUNTS, (count) => count)),
    ...Object.fromEntries(read(AMOUNTS, (amount) => minorOfMajor(amount, currency))),
    ...(ctr !== undefined && { ctr: ctr / 100 }),
    purchases,
    purchaseValue: minorOfMajor(value, currency),
    ...(spend && { returnOnSpend: Math.round((value / spend) * 10_000) / 10_000 }),
  };
}

/**
 * Of one kind of purchase only, since the provider counts each purchase under several names; and of the windows of the
 * settings, each of which stands beside the provider's own total.
 */
function attributed(data: Raw, list: 'actions' | 'action_values'): number {
  const action = rows(data[list]).find(({ action_type }) => action_type === data['purchase_action_type']);
  const windows = (text(data['attribution_window']) ?? '').split(',').filter(Boolean);
  const given = windows.flatMap((name) => numberOf(action?.[name]) ?? []);
  return given.reduce((sum, one) => sum + one, 0);
}
