import { addDays, type Checkpoint, isRaw, type Page, type Stream, text } from 'patchbay';
import { adAccounts } from './access.ts';
import { todayIn } from './days.ts';
import { CURSOR_MS, isChosenAccount, marksOf } from './entities.ts';
import { isSplitAlike, type Settings, settingsOf, wayOf } from './insights-question.ts';
import { type Place, type Reading, readSlice, type Step } from './insights-slice.ts';
import type { Config, Context } from './manifest.ts';
import { insightModel } from './models.ts';

const SLICE_DAYS = 90;

/** Account by account; the checkpoint says for each when (in milliseconds) it was last read. */
async function* insights(ctx: Context, from: Checkpoint | null): AsyncGenerator<Page, void> {
  const settings = settingsOf(ctx.config);
  const way = wayOf(settings);
  const known = from?.['way'] === way ? from : null;
  const marks = marksOf(known);
  const open = placeOf(known);
  const accounts = await adAccounts(ctx);
  if (accounts.length === 0) yield { items: [], checkpoint: { way, accounts: 0 } };
  for (const account of accounts) {
    const began = Date.now();
    const since = firstDay({ readAt: marks[account.id], timezone: account.timezone, now: began }, settings);
    const place = open?.at === account.id ? open : { at: account.id, since, span: SLICE_DAYS };
    const reading = { ctx, account, settings, today: todayIn(account.timezone) };
    for await (const { items, next } of readAccount(reading, place)) {
      if (!next) marks[account.id] = began;
      yield { items, checkpoint: { way, ...marks, ...next } };
    }
  }
}

/** Milliseconds; `readAt` of the run before. */
interface Since {
  readonly readAt: number | undefined;
  readonly timezone: string;
  readonly now: number;
}

function firstDay({ readAt, timezone, now }: Since, { lookbackDays, historyDays }: Settings): string {
  // Purchases are attributed to past days for weeks; and the day it was read on was not over.
  return readAt === undefined
    ? addDays(todayIn(timezone, now), 1 - historyDays)
    : addDays(todayIn(timezone, readAt), -lookbackDays);
}

async function* readAccount(reading: Reading, from: Place): AsyncGenerator<Step, void> {
  let place: Place | undefined = from;
  while (place) {
    let after: Place | undefined = place;
    for await (const step of readSlice(reading, fresh(place))) {
      yield step;
      after = step.next;
    }
    place = after;
  }
}

/** Cursors and reports do not last: what is too old is begun anew. */
function fresh(place: Place): Place {
  const { at, since, span } = place;
  return place.began !== undefined && Date.now() - place.began < CURSOR_MS ? place : { at, since, span };
}

function placeOf(from: Checkpoint | null): Place | undefined {
  const place: unknown = from;
  if (!isRaw(place) || !text(place['at']) || !text(place['since']) || typeof place['span'] !== 'number') return undefined;
  const { at, since, span, until, report, percent, after, began } = place as unknown as Place;
  return {
    at,
    since,
    span,
    ...(until !== undefined && { until }),
    ...(report !== undefined && { report }),
    ...(percent !== undefined && { percent }),
    ...(after !== undefined && { after }),
    ...(began !== undefined && { began }),
  };
}

/** What this run has read of the ad accounts it reads; rows split otherwise make way for those of the same days. */
const covers: NonNullable<Stream<Config>['covers']> = (data, startedAt, config, from) => {
  const settings = settingsOf(config ?? {});
  const account = `act_${String(data['account_id'])}`;
  const [day, timezone] = [text(data['date_start']), text(data['timezone']) ?? 'UTC'];
  if (!isChosenAccount(data, config)) return 'unchosen';
  if (!day) return false;
  const now = Date.parse(startedAt);
  if (!isSplitAlike(data, settings)) return day >= addDays(todayIn(timezone, now), 1 - settings.historyDays);
  const known = from?.['way'] === wayOf(settings) ? from : null;
  const open = placeOf(known);
  // A run that took up another's half-read days has not met what that one met.
  if (open?.at === account) return open.until === undefined ? day >= open.since : day > open.until;
  return day >= firstDay({ readAt: marksOf(known)[account], timezone, now }, settings);
};

export const insightStream: Stream<Config> = {
  title: 'Daily figures',
  mode: 'incremental',
  model: insightModel,
  sync: insights,
  follows: ['adAccountIds'],
  covers,
};
