import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { ActivitySought, Happening } from './activity.ts';
import { csvCell, type Format, fileHead } from './audit-file.ts';
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
  file: { name: string; format: Format; sought: ActivitySought; named: (one: Happening) => Named },
): Promise<void> {
  const { name, format, sought, named } = file;
  res.status(200).set(fileHead(`activity-${name}`, format));
  try {
    await pipeline(Readable.from(linesOf(web.activity.all(sought), { format, named })), res);
  } catch (error) {
    // The head is sent: an answer that breaks off is all that is left to say so.
    if (!res.headersSent) throw error;
    web.log.warn({ err: error }, 'a file of what happened broke off');
  }
}

async function* linesOf(
  happenings: AsyncIterable<Happening>,
  { format, named }: { format: Format; named: (one: Happening) => Named },
): AsyncGenerator<string, void> {
  if (format === 'csv') yield `${COLUMNS.join(',')}\r\n`;
  for await (const one of happenings) {
    const json = happeningJson(one, named(one));
    yield format === 'csv' ? `${COLUMNS.map((column) => csvCell(json[column])).join(',')}\r\n` : `${JSON.stringify(json)}\n`;
  }
}

function doerOf(one: Happening): string | null {
  if (one.from === 'audit') return one.entry.actor;
  if (one.from === 'run') return one.run.requestedBy ?? 'system';
  return one.from === 'event' ? one.pluginId : 'system';
}
