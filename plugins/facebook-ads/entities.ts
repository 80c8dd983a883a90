import { type Checkpoint, type Item, isoTime, type Page, picked, type Raw, text } from 'patchbay';
import { type AdAccount, adAccounts } from './access.ts';
import { listPages } from './api.ts';
import type { Config, Context } from './manifest.ts';

/** Campaigns, ad sets or ads: what to ask for and what to keep. */
export interface Kind {
  readonly edge: 'campaigns' | 'adsets' | 'ads';
  readonly fields: string;
  /** Every state but the removed one. */
  readonly states: readonly string[];
}

const COMMON = 'id,account_id,name,status,effective_status,created_time,updated_time';
const STATES = ['ACTIVE', 'PAUSED', 'ARCHIVED', 'IN_PROCESS', 'WITH_ISSUES'];

export const campaigns: Kind = {
  edge: 'campaigns',
  fields: `${COMMON},objective,daily_budget,lifetime_budget,spend_cap,buying_type,bid_strategy,special_ad_categories,start_time,stop_time`,
  states: STATES,
};
export const adSets: Kind = {
  edge: 'adsets',
  fields: `${COMMON},campaign_id,daily_budget,lifetime_budget,optimization_goal,billing_event,bid_amount,targeting,attribution_spec,promoted_object,start_time,end_time`,
  states: [...STATES, 'CAMPAIGN_PAUSED'],
};
export const ads: Kind = {
  edge: 'ads',
  fields: `${COMMON},campaign_id,adset_id,creative{id,thumbnail_url},tracking_specs`,
  states: [...STATES, 'CAMPAIGN_PAUSED', 'ADSET_PAUSED', 'PENDING_REVIEW', 'DISAPPROVED', 'PREAPPROVED', 'PENDING_BILLING_INFO'],
};

const MINUTE = 60_000;
/** Lists lag behind changes. */
const OVERLAP_MS = 5 * MINUTE;
/** Cursors of the provider do not last: after this a list is read from its beginning. */
export const CURSOR_MS = 60 * MINUTE;

/** Where a list was left: which account, after which cursor, and when its reading began (milliseconds). */
interface Open {
  readonly at: string;
  readonly after: string;
  readonly began: number;
}

/**
 * Reads what has changed since the last run, account by account. The checkpoint holds for each account the moment (in
 * milliseconds) its last reading began: an account that was chosen later is read whole.
 */
export async function* walk(ctx: Context, kind: Kind, from: Checkpoint | null): AsyncGenerator<Page, void> {
  const marks: Record<string, number> = marksOf(from);
  const open = openOf(from);
  const accounts = await adAccounts(ctx);
  if (accounts.length === 0) yield { items: [], checkpoint: { accounts: 0 } };
  for (const account of accounts) {
    const resumed = open?.at === account.id && Date.now() - open.began < CURSOR_MS ? open : undefined;
    const began = resumed?.began ?? Date.now();
    const listing = listingOf(kind, account, marks[account.id]);
    for await (const page of listPages(ctx.http, listing, resumed?.after)) {
      if (!page.next) marks[account.id] = began;
      const place: Checkpoint = page.next ? { ...marks, at: account.id, after: page.next, began } : { ...marks };
      yield { ...sorted(page.rows, kind, account), checkpoint: place };
    }
  }
}

/** None chosen means all. */
export function isChosenAccount(data: Raw, config: Pick<Config, 'adAccountIds'> | undefined): boolean {
  const chosen = config?.adAccountIds ?? [];
  const account = text(data['account_id']);
  return chosen.length === 0 || account === undefined || chosen.includes(`act_${account}`);
}

/** Removed ones are asked for once there is something to remove. */
function listingOf(kind: Kind, account: AdAccount, mark: number | undefined) {
  const since = mark === undefined ? undefined : Math.floor((mark - OVERLAP_MS) / 1000);
  const states = since === undefined ? kind.states : [...kind.states, 'DELETED'];
  const filter = (value: number) => [{ field: 'campaign.updated_time', operator: 'GREATER_THAN', value }];
  // Campaigns know no `updated_since`.
  const changed =
    kind.edge === 'campaigns' ? { filtering: since && JSON.stringify(filter(since)) } : { updated_since: since && String(since) };
  const query = { effective_status: JSON.stringify(states), ...(since !== undefined && (changed as Record<string, string>)) };
  return { path: `/${account.id}/${kind.edge}`, fields: kind.fields, query };
}

/** Marks stand under the ids of their accounts. */
export function marksOf(from: Checkpoint | null): Record<string, number> {
  const found = Object.entries(from ?? {}).filter(([name, value]) => /^(act_)?\d+$/.test(name) && typeof value === 'number');
  return Object.fromEntries(found) as Record<string, number>;
}

function openOf(from: Checkpoint | null): Open | undefined {
  const { at, after, began } = (from ?? {}) as Partial<Open>;
  return typeof at === 'string' && typeof after === 'string' && typeof began === 'number' ? { at, after, began } : undefined;
}

function sorted(raws: readonly Raw[], kind: Kind, account: AdAccount): Pick<Page, 'items' | 'failed'> {
  const items = raws.flatMap((raw) => itemOf(raw, kind, account) ?? []);
  const failed = raws
    .filter((raw) => !text(raw['id']))
    .map(() => ({ id: 'unknown', reason: `Facebook sent one of the ${kind.edge} of ${account.name} without an id.` }));
  return { items, ...(failed.length > 0 && { failed }) };
}

/** `undefined` where the object has no id: it cannot be kept. */
export function itemOf(raw: Raw, kind: Kind, { currency }: Pick<AdAccount, 'currency'>): Item | undefined {
  const id = text(raw['id']);
  if (!id) return undefined;
  if (raw['effective_status'] === 'DELETED' || raw['status'] === 'DELETED') return { id, deleted: true };
  const updatedAt = isoTime(raw['updated_time']);
  const names = kind.fields.replaceAll(/\{[^{}]*\}/g, '').split(',');
  return { id, data: { ...picked(raw, names), currency }, ...(updatedAt && { updatedAt }) };
}
