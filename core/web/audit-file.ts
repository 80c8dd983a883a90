import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { AuditSought, ListedEntry } from '../access/audit-list-store.ts';
import type { Web } from './services.ts';

export const FORMATS = ['jsonl', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

const TYPES: Readonly<Record<Format, string>> = { jsonl: 'application/jsonl; charset=utf-8', csv: 'text/csv; charset=utf-8' };
const COLUMNS = ['at', 'actor', 'action', 'target', 'targetName', 'ip', 'storeId', 'id', 'detail'] as const;

/** Sends all entries that fit as a file, while they are read. */
export async function sendAuditFile(
  web: Web,
  res: Response,
  file: { name: string; format: Format; sought: AuditSought },
): Promise<void> {
  const { name, format, sought } = file;
  res.status(200).set(fileHead(`audit-${name}`, format));
  try {
    await pipeline(Readable.from(linesOf(web.auditLog.all(sought), format)), res);
  } catch (error) {
    // The head is sent: an answer that breaks off is all that is left to say so.
    if (!res.headersSent) throw error;
    web.log.warn({ err: error }, 'an audit file broke off');
  }
}

/** Of an answer that is a file; the day is put behind its name. */
export function fileHead(name: string, format: Format): Record<string, string> {
  const day = new Date().toISOString().slice(0, 10);
  return {
    'content-type': TYPES[format],
    'content-disposition': `attachment; filename="${name}-${day}.${format}"`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
}

async function* linesOf(entries: AsyncIterable<ListedEntry>, format: Format): AsyncGenerator<string, void> {
  if (format === 'csv') yield `${COLUMNS.join(',')}\r\n`;
  for await (const entry of entries) yield format === 'csv' ? csvLine(entry) : `${JSON.stringify(entry)}\n`;
}

function csvLine(entry: ListedEntry): string {
  return `${COLUMNS.map((column) => csvCell(entry[column])).join(',')}\r\n`;
}

/** RFC 4180; a spreadsheet takes what begins like a formula for one, unless an apostrophe stands before it. */
export function csvCell(value: unknown): string {
  const text = value === null || value === undefined ? '' : value instanceof Date ? value.toISOString() : plain(value);
  const safe = /^[\s]*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
