import type { Checkpoint, Page, Raw } from 'patchbay';
import { apiTime } from './api.ts';
import type { Config, Context } from './manifest.ts';
import { walkOffset } from './paging.ts';
import { campaignItem, reportItem, sorted } from './records.ts';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 365;
const SIZE = 100;

/** Midnight (UTC) so many days before; whole days, so that a resumed run looks at the same window. */
function windowStart(now: number, days = DEFAULT_DAYS): string {
  return new Date((Math.floor(now / DAY_MS) - days) * DAY_MS).toISOString();
}

/**
 * Nothing tells which campaigns changed, so those created or sent within the window are read anew each time: first by
 * when they were created, then those sent within it that are older.
 */
async function* readCampaigns(ctx: Context, from: Checkpoint | null): AsyncGenerator<Page, void> {
  const since = startOf(from, ctx);
  const passes = [
    { pass: 'created', query: { since_create_time: apiTime(since), sort_field: 'create_time', sort_dir: 'ASC' } },
    { pass: 'sent', query: { since_send_time: apiTime(since), sort_field: 'send_time', sort_dir: 'ASC' } },
  ];
  for (const { pass, query } of passes) {
    if (from?.['pass'] === 'sent' && pass === 'created') continue;
    const walkFrom = from?.['pass'] === pass ? from : null;
    const collection = { path: '/campaigns', list: 'campaigns', query, size: SIZE };
    for await (const { raws, checkpoint } of walkOffset(ctx, collection, walkFrom)) {
      const wanted =
        pass === 'sent' ? raws.filter((raw) => !(String(raw['create_time']) && isSince(raw['create_time'], since))) : raws;
      yield { ...sorted(wanted, campaignItem), checkpoint: { since, pass, ...checkpoint } };
    }
  }
}

async function* readReports(ctx: Context, from: Checkpoint | null): AsyncGenerator<Page, void> {
  const since = startOf(from, ctx);
  const collection = { path: '/reports', list: 'reports', query: { since_send_time: apiTime(since) }, size: SIZE };
  for await (const { raws, checkpoint } of walkOffset(ctx, collection, from)) {
    yield { ...sorted(raws, reportItem), checkpoint: { since, ...checkpoint } };
  }
}

function startOf(from: Checkpoint | null, { config }: Context): string {
  return typeof from?.['since'] === 'string' ? from['since'] : windowStart(Date.now(), config.reportingDays);
}

function isSince(value: unknown, since: string): boolean {
  return typeof value === 'string' && Date.parse(value) >= Date.parse(since);
}

/** A day less than was read: a run may begin before midnight and read after it. */
function covers(data: Raw, startedAt: string, config?: Config): boolean {
  const start = windowStart(Date.parse(startedAt) + DAY_MS, config?.reportingDays);
  return isSince(data['createdAt'], start) || isSince(data['sentAt'], start);
}

export const campaigns = { sync: readCampaigns, covers };
export const reports = { sync: readReports, covers };
