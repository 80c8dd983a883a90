import { type Item, picked, type Raw, text } from 'patchbay';
import type { AdAccount } from './access.ts';
import type { Config } from './manifest.ts';

const NAMES = 'account_id,campaign_id,campaign_name,adset_id,adset_name,ad_id,ad_name';
const FIGURES =
  'account_currency,date_start,date_stop,impressions,reach,frequency,spend,clicks,inline_link_clicks,ctr,cpc,cpm,actions,action_values,purchase_roas';
/** What each level may be asked for beside the figures. */
const LEVEL_NAMES = {
  campaign: 'account_id,campaign_id,campaign_name',
  adset: 'account_id,campaign_id,campaign_name,adset_id,adset_name',
  ad: NAMES,
} as const;

/** The settings that say how figures are counted. */
export type Settings = Required<
  Pick<Config, 'insightsLevel' | 'attributionWindow' | 'purchaseActionType' | 'audience' | 'lookbackDays' | 'historyDays'>
>;

export function settingsOf(config: Config): Settings {
  const { insightsLevel = 'campaign', attributionWindow = '7d_click,1d_view', purchaseActionType = 'omni_purchase' } = config;
  const { audience = 'none', lookbackDays = 28, historyDays = 90 } = config;
  return { insightsLevel, attributionWindow, purchaseActionType, audience, lookbackDays, historyDays };
}

/** Figures counted in another way are other figures: then the history is read again. */
export function wayOf({ insightsLevel, attributionWindow, purchaseActionType, audience, historyDays }: Settings): string {
  return [insightsLevel, attributionWindow, purchaseActionType, audience, historyDays].join(' ');
}

/** Rows for each ad, or for each part of the audience, are many. */
export function isFine({ insightsLevel, audience }: Settings): boolean {
  return insightsLevel === 'ad' || audience !== 'none';
}

/** https://developers.facebook.com/docs/marketing-api/reference/ad-account/insights, all texts. */
export function questionOf(settings: Settings, range: { readonly since: string; readonly until: string }) {
  const { insightsLevel, attributionWindow, audience } = settings;
  return {
    level: insightsLevel,
    fields: `${LEVEL_NAMES[insightsLevel]},${FIGURES}`,
    time_range: JSON.stringify(range),
    time_increment: '1',
    action_attribution_windows: JSON.stringify(attributionWindow.split(',')),
    ...(audience !== 'none' && { breakdowns: audience }),
  };
}

/** Rows of another level or split stand beside these and would be counted twice; other windows replace them. */
export function isSplitAlike(data: Raw, { insightsLevel, audience }: Settings): boolean {
  return data['level'] === insightsLevel && data['audience'] === audience;
}

/** One row for each object, day and part of the audience: read again, or counted by another window, it replaces what it was. */
export function insightItem(raw: Raw, account: AdAccount, settings: Settings): Item | undefined {
  const { insightsLevel: level, attributionWindow, purchaseActionType, audience } = settings;
  const [object, day] = [text(raw[`${level}_id`]), text(raw['date_start'])];
  if (!object || !day) return undefined;
  const parts = audience === 'none' ? [] : audience.split(',');
  const id = [account.id, level, object, day, ...parts.map((part) => text(raw[part]) ?? 'unknown')].join(':');
  const counted = { audience, attribution_window: attributionWindow, purchase_action_type: purchaseActionType };
  const data = { ...picked(raw, [...`${NAMES},${FIGURES}`.split(','), ...parts]), level, timezone: account.timezone, ...counted };
  const label = `${text(raw[`${level}_name`]) ?? object}, ${day}`;
  return { id, data: { label, account_currency: account.currency, ...data } };
}
