import type { Integration } from '../../integrations/integration-store.ts';
import { isReadable } from '../../integrations/readable.ts';
import type { Template } from '../../plugins/registry.ts';
import { t } from '../words/texts.ts';
import { streamTitle } from './stream-words.ts';

export interface StreamView {
  readonly name: string;
  readonly title: string;
  readonly count: number;
  readonly href: string;
  readonly syncs: boolean;
  /** How it is kept up to date, in words. */
  readonly often: string;
  readonly nextAt: Date | undefined;
  readonly schedules: readonly { readonly minutes: number; readonly text: string; readonly chosen: boolean }[];
}

export interface ScheduleInput {
  readonly stream: string;
  readonly everyMinutes: number | null | undefined;
  readonly nextRunAt?: Date | null | undefined;
}

export interface StreamsInput {
  readonly template: Template;
  readonly integration: Pick<Integration, 'method'>;
  readonly schedules: readonly ScheduleInput[];
  /** Stream → how many records the hub holds. */
  readonly counts: Readonly<Record<string, number>>;
  /** Of the integration's page. */
  readonly href: string;
  /** It is connected, so that schedules mean something. */
  readonly working: boolean;
}

/** Minutes from one sync to the next; 0: none by itself. */
export const SCHEDULES = [0, 15, 60, 360, 1440] as const;

export function streamViews({ template, integration, schedules, counts, href, working }: StreamsInput): StreamView[] {
  const streams = template.loaded?.plugin.handlers?.streams ?? {};
  const readable = Object.keys(streams).filter((name) => isReadable(streams[name] ?? {}, integration.method));
  const names = new Set([...readable, ...Object.keys(counts)]);
  return [...names].map((name) => {
    const schedule = schedules.find(({ stream }) => stream === name);
    const every = schedule?.everyMinutes ?? 0;
    return {
      name,
      title: streamTitle(template, name),
      count: counts[name] ?? 0,
      href: `${href}/records/${encodeURIComponent(name)}`,
      syncs: Boolean(streams[name]?.sync),
      often: oftenText({ working, syncs: Boolean(streams[name]?.sync), every }),
      nextAt: working && every ? (schedule?.nextRunAt ?? undefined) : undefined,
      schedules: SCHEDULES.map((minutes) => ({ minutes, text: everyText(minutes), chosen: minutes === every })),
    };
  });
}

function oftenText({ working, syncs, every }: { working: boolean; syncs: boolean; every: number }): string {
  if (!working) return t('details.often.stopped');
  if (!syncs) return t('details.often.asTheyHappen');
  return every ? everyText(every) : t('details.often.byHand');
}

function everyText(minutes: number): string {
  if (minutes === 0) return t('details.often.off');
  if (minutes % 1440 === 0) return t('details.often.days', { count: minutes / 1440 });
  return minutes % 60 === 0 ? t('details.often.hours', { count: minutes / 60 }) : t('details.often.minutes', { count: minutes });
}
