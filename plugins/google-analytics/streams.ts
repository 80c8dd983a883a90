import type { Stream } from 'patchbay';
import { directory } from './directory.ts';
import type { Config } from './manifest.ts';
import { reportStream } from './report-sync.ts';
import { REPORTS } from './reports.ts';

export const streams: Readonly<Record<string, Stream<Config>>> = {
  ...directory,
  ...Object.fromEntries(Object.entries(REPORTS).map(([name, report]) => [name, reportStream(report)])),
  sentEvents: { title: 'Sent events' },
};
