import { addDays, type Item } from 'patchbay';
import type { AdAccount } from './access.ts';
import { asksTooMuch, type Listing, listPages } from './api.ts';
import { daysFrom, earlier } from './days.ts';
import { insightItem, isFine, questionOf, type Settings } from './insights-question.ts';
import type { Context } from './manifest.ts';
import { beginReport, untilReady } from './reports.ts';

/** More days than this are prepared by the provider as a report; fewer, where there are many rows a day. */
const SYNCHRONOUS_DAYS = 31;
const SYNCHRONOUS_FINE_DAYS = 7;
const PAGE_ROWS = 500;

/** Where one account's reading stands: the days that are left, and the slice of them that is being read. Flat. */
export interface Place {
  readonly at: string;
  readonly since: string;
  /** Days of a slice; halved where a report fails. */
  readonly span: number;
  /** Last day of the slice being read. */
  readonly until?: string;
  readonly report?: string;
  readonly percent?: number;
  readonly after?: string;
  /** Milliseconds; when the slice was begun. */
  readonly began?: number;
}

export interface Reading {
  readonly ctx: Context;
  readonly account: AdAccount;
  readonly settings: Settings;
  /** The account's own. */
  readonly today: string;
}

export interface Step {
  readonly items: readonly Item[];
  /** None after the last day. */
  readonly next: Place | undefined;
}

type Slice = Place & { readonly until: string; readonly began: number };

/** One slice of days, in one answer where that will do; ends early where a smaller one has to be tried. */
export async function* readSlice(reading: Reading, place: Place): AsyncGenerator<Step, void> {
  const began = place.began ?? Date.now();
  const until = place.until ?? earlier(addDays(place.since, place.span - 1), reading.today);
  if (!place.report && !needsReport(reading.settings, daysFrom(place.since, until))) {
    try {
      return yield* rowsOf(reading, { ...place, until, began });
    } catch (error) {
      if (!asksTooMuch(error)) throw error;
    }
  }
  yield* readReport(reading, place, { until, began });
}

async function* readReport(reading: Reading, place: Place, given: Pick<Slice, 'until' | 'began'>): AsyncGenerator<Step, void> {
  const { at, since, span } = place;
  const days = daysFrom(since, given.until);
  // A cursor of another list leads nowhere in this one.
  let slice: Slice & { readonly report: string };
  if (place.report) slice = { ...place, ...given, report: place.report };
  else {
    const question = questionOf(reading.settings, { since, until: given.until });
    slice = { at, since, span, ...given, report: await beginReport(reading.ctx, reading.account.id, question) };
    yield { items: [], next: slice };
  }
  const states = untilReady(reading.ctx, { report: slice.report, percent: slice.percent ?? 0, began: slice.began, days });
  let state = await states.next();
  for (; !state.done; state = await states.next()) {
    slice = { ...slice, percent: state.value };
    yield { items: [], next: slice };
  }
  if (state.value) yield* rowsOf(reading, slice);
  else yield { items: [], next: { at, since, span: Math.ceil(days / 2) } };
}

function needsReport(settings: Settings, days: number): boolean {
  return days > (isFine(settings) ? SYNCHRONOUS_FINE_DAYS : SYNCHRONOUS_DAYS);
}

async function* rowsOf({ ctx, account, settings, today }: Reading, slice: Slice): AsyncGenerator<Step, void> {
  const { since, until } = slice;
  const { fields, ...query } = questionOf(settings, { since, until });
  const listing: Listing = slice.report
    ? { path: `/${slice.report}/insights`, fields, limit: PAGE_ROWS }
    : { path: `/${account.id}/insights`, fields, query, limit: PAGE_ROWS, smallest: PAGE_ROWS };
  const later = addDays(until, 1);
  const over = later > today ? undefined : { at: slice.at, since: later, span: slice.span };
  for await (const page of listPages(ctx.http, listing, slice.after)) {
    const items = page.rows.flatMap((raw) => insightItem(raw, account, settings) ?? []);
    yield { items, next: page.next ? { ...slice, after: page.next } : over };
  }
}
