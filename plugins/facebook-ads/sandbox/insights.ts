import { daysBetween } from 'patchbay';
import { Random } from 'patchbay/simulator';
import { invalid } from './answers.ts';
import type { Doc } from './base.ts';
import { ACCOUNTS } from './demo.ts';
import type { World } from './world.ts';

const WINDOWS = ['1d_click', '7d_click', '28d_click', '1d_view', '1d_ev'] as const;
/** Announced to give nothing since January 2026. */
const GONE = ['7d_view', '28d_view'];
const SEGMENTS: Readonly<Record<string, readonly Readonly<Record<string, string>>[]>> = {
  'age,gender': ['18-24', '25-34', '35-44', '45-54'].flatMap((age) => ['female', 'male'].map((gender) => ({ age, gender }))),
  country: ['US', 'CA', 'GB'].map((country) => ({ country })),
  publisher_platform: ['facebook', 'instagram', 'audience_network'].map((name) => ({ publisher_platform: name })),
  device_platform: ['mobile', 'desktop'].map((name) => ({ device_platform: name })),
};
const FIELDS = [
  ...'account_id account_name account_currency campaign_id campaign_name adset_id adset_name ad_id ad_name'.split(' '),
  ...'date_start date_stop impressions reach frequency spend clicks inline_link_clicks ctr cpc cpm'.split(' '),
  ...'actions action_values purchase_roas cost_per_action_type objective'.split(' '),
];
const LEVELS = { account: undefined, campaign: 'campaigns', adset: 'adsets', ad: 'ads' } as const;

export interface Question {
  readonly level: keyof typeof LEVELS;
  readonly fields: readonly string[];
  readonly since: string;
  readonly until: string;
  readonly segments: readonly Readonly<Record<string, string>>[];
  readonly windows: readonly string[];
}

/** @throws Refusal for parameters the provider would not take */
export function readQuestion(params: URLSearchParams): Question {
  const level = params.get('level') ?? 'account';
  if (!(level in LEVELS)) throw invalid('Param level must be one of {ad, adset, campaign, account}');
  const fields = (params.get('fields') ?? 'impressions,spend').split(',').filter(Boolean);
  const unknown = fields.find((name) => !FIELDS.includes(name));
  if (unknown) throw invalid(`${unknown} is not valid for fields param. please check https://developers.facebook.com/docs`);
  const range = parsed<{ since?: string; until?: string }>(params, 'time_range');
  if (!range?.since || !range.until || range.since > range.until) {
    throw invalid('Must specify a valid time_range with since and until');
  }
  if (params.get('time_increment') !== '1') throw invalid('The sandbox answers for time_increment=1 only');
  const breakdowns = params.get('breakdowns') ?? '';
  const segments = breakdowns === '' ? [{}] : SEGMENTS[breakdowns.split(',').sort().join(',')];
  if (!segments) throw invalid(`Current combination of data breakdown columns (${breakdowns}) is invalid`);
  const windows = parsed<string[]>(params, 'action_attribution_windows') ?? [];
  const odd = windows.find((name) => !(WINDOWS as readonly string[]).includes(name) && !GONE.includes(name));
  if (odd) throw invalid(`Param action_attribution_windows[0] must be one of {${WINDOWS.join(', ')}}`);
  return { level: level as Question['level'], fields, since: range.since, until: range.until, segments, windows };
}

function parsed<T>(params: URLSearchParams, name: string): T | undefined {
  const text = params.get(name);
  if (!text) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw invalid(`Param ${name} must be JSON`);
  }
}

/** One row for each object, day and segment that delivered anything. */
export function rowsOf(world: World, account: string, given: Question & { restated: number; today: string }): (() => Doc)[] {
  const kind = LEVELS[given.level];
  const owner = ACCOUNTS.find(({ id }) => id === account);
  if (!owner) return [];
  const objects = kind ? world.inAccount(kind, account) : [{ id: account } as Doc];
  const days = daysBetween(given.since, given.until).filter((day) => day <= given.today);
  return days.flatMap((day) =>
    objects.flatMap((object) => {
      const start = String(object['start_time'] ?? object['created_time'] ?? '').slice(0, 10);
      if (start > day || object['status'] === 'DELETED') return [];
      return given.segments.map((segment) => () => {
        const numbers = figures(object.id, { day, segment, ...given, currency: owner.currency });
        return picked({ ...names(object, given.level, account), ...segment, ...numbers }, given, segment);
      });
    }),
  );
}

function names(object: Doc, level: Question['level'], account: string): Record<string, unknown> {
  const about = { account_id: account.replace('act_', '') };
  if (level === 'account') return about;
  const { campaign_id, adset_id } = object;
  return { ...about, campaign_id, adset_id, [`${level}_id`]: object.id, [`${level}_name`]: object['name'] };
}

interface Shape {
  readonly day: string;
  readonly segment: Readonly<Record<string, string>>;
  readonly windows: readonly string[];
  readonly currency: string;
  readonly restated: number;
  readonly today: string;
}

/** Every number is a text; money is in major units. */
function figures(id: string, given: Shape): Record<string, unknown> {
  const random = new Random(`${id} ${given.day} ${Object.values(given.segment).join(' ')}`);
  const impressions = 200 + random.below(4000);
  const clicks = 1 + random.below(Math.ceil(impressions / 40));
  const whole = given.currency === 'JPY';
  const money = (cents: number) => (whole ? String(Math.round(cents)) : (cents / 100).toFixed(2));
  const spent = 300 + random.below(6000);
  const bought = random.below(6) + (given.day === given.today ? 0 : given.restated);
  const seen = random.below(3);
  const value = 2500 + random.below(4000);
  const reach = Math.ceil(impressions / 1.4);
  const counted = (one: number) => windowed({ click: bought * one, view: seen * one, windows: given.windows });
  return {
    date_start: given.day,
    date_stop: given.day,
    account_currency: given.currency,
    impressions: String(impressions),
    reach: String(reach),
    frequency: (impressions / reach).toFixed(6),
    spend: money(spent),
    clicks: String(clicks),
    inline_link_clicks: String(Math.ceil(clicks / 2)),
    ctr: ((clicks / impressions) * 100).toFixed(6),
    cpc: money(spent / clicks),
    cpm: money((spent / impressions) * 1000),
    actions: ['omni_purchase', 'purchase', 'offsite_conversion.fb_pixel_purchase'].map((type) => ({
      action_type: type,
      ...counted(1),
    })),
    action_values: ['omni_purchase', 'purchase', 'offsite_conversion.fb_pixel_purchase'].map((type) => ({
      action_type: type,
      ...counted(whole ? value : value / 100),
    })),
    purchase_roas: [{ action_type: 'omni_purchase', value: ((bought * value) / spent).toFixed(6) }],
  };
}

/** The default value, and one more for each window asked for; windows that are gone give nothing. */
function windowed(given: { click: number; view: number; windows: readonly string[] }): Record<string, string> {
  const { click, view } = given;
  const known: Record<string, number> = {
    '1d_click': Math.floor(click / 2),
    '7d_click': click,
    '28d_click': click,
    '1d_view': view,
    '1d_ev': 0,
  };
  const text = (value: number) => String(Number(value.toFixed(2)));
  const asked = given.windows.flatMap((name) => (known[name] === undefined ? [] : [[name, text(known[name])] as const]));
  return { value: text(click + view), ...Object.fromEntries(asked) };
}

function picked(row: Readonly<Record<string, unknown>>, { fields }: Question, segment: object): Doc {
  const wanted = new Set([...fields, 'date_start', 'date_stop', ...Object.keys(segment)]);
  return Object.fromEntries(Object.entries(row).filter(([name, value]) => wanted.has(name) && value !== undefined)) as Doc;
}
