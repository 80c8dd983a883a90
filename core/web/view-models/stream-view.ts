import type { Integration } from '../../integrations/integration-store.ts';
import { isReadable } from '../../integrations/readable.ts';
import type { Template } from '../../plugins/registry.ts';
import { streamTitle } from './card-view.ts';

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

export const SCHEDULES = [
  { minutes: 0, text: 'Off' },
  { minutes: 15, text: 'Every 15 minutes' },
  { minutes: 60, text: 'Every hour' },
  { minutes: 360, text: 'Every 6 hours' },
  { minutes: 1440, text: 'Every day' },
] as const;

export function streamViews({ template, integration, schedules, counts, href, working }: StreamsInput): StreamView[] {
  const streams = template.loaded?.plugin.handlers?.streams ?? {};
  const readable = Object.keys(streams).filter((name) => isReadable(streams[name] ?? {}, integration.method));
  const names = new Set([...readable, ...Object.keys(counts)]);
  return [...names].map((name) => {
    const schedule = schedules.find(({ stream }) => stream === name);
    const every = schedule?.everyMinutes ?? 0;
    const often = SCHEDULES.find(({ minutes }) => minutes === every)?.text ?? `Every ${every} minutes`;
    return {
      name,
      title: streamTitle(template, name),
      count: counts[name] ?? 0,
      href: `${href}/records/${encodeURIComponent(name)}`,
      syncs: Boolean(streams[name]?.sync),
      often: !working ? 'Stopped' : !streams[name]?.sync ? 'As they happen' : every ? often : 'By hand only',
      nextAt: working && every ? (schedule?.nextRunAt ?? undefined) : undefined,
      schedules: SCHEDULES.map(({ minutes, text }) => ({ minutes, text, chosen: minutes === every })),
    };
  });
}
