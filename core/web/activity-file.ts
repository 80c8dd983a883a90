import type { Response } from 'express';
import type { ActivitySought, Happening } from './activity.ts';
import { type ListFile, sendListFile } from './http/list-file.ts';
import type { Web } from './services.ts';
import { type HappeningWords, happeningWords, type Named } from './view-models/activity-words.ts';

const COLUMNS = [
  'at',
  'kind',
  'outcome',
  'says',
  'note',
  'who',
  'integration',
  'integrationId',
  'plugin',
  'source',
  'id',
] as const;

export interface ActivityJson extends Readonly<Record<(typeof COLUMNS)[number], string | null>> {}

/** One of them as callers and files have it. */
export function happeningJson(one: Happening, named: Named): ActivityJson {
  const words: HappeningWords = happeningWords(one, named);
  return {
    at: one.at.toISOString(),
    kind: one.kind,
    outcome: one.outcome,
    says: words.says,
    note: words.note || null,
    who: doerOf(one),
    integration: named.name ?? null,
    integrationId: one.integrationId,
    plugin: one.pluginId,
    source: one.from,
    id: one.id,
  };
}

/** Sends all that fit as a file, while they are read. */
export async function sendActivityFile(
  web: Web,
  res: Response,
  { name, format, ...rest }: Pick<ListFile<never>, 'name' | 'format'> & Told,
): Promise<void> {
  await sendListFile(web, res, { name: `activity-${name}`, format, columns: COLUMNS, rows: jsonOf(web, rest) });
}

interface Told {
  readonly sought: ActivitySought;
  readonly named: (one: Happening) => Named;
}

async function* jsonOf(web: Web, { sought, named }: Told): AsyncGenerator<ActivityJson, void> {
  for await (const one of web.activity.all(sought)) yield happeningJson(one, named(one));
}

function doerOf(one: Happening): string | null {
  if (one.from === 'audit') return one.entry.actor;
  if (one.from === 'run') return one.run.requestedBy ?? 'system';
  return one.from === 'event' ? one.pluginId : 'system';
}
