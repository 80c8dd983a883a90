import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { Web } from '../services.ts';

export const FORMATS = ['jsonl', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

const TYPES: Readonly<Record<Format, string>> = { jsonl: 'application/jsonl; charset=utf-8', csv: 'text/csv; charset=utf-8' };

/** What the API's document says of such a file. */
export const LIST_FILE = {
  200: {
    says: 'All that fit, latest first, as a file.',
    schema: { type: 'string', format: 'binary' },
    type: 'application/jsonl',
    also: ['text/csv'],
  },
};

export interface ListFile<Column extends string> {
  /** The day and an ending are put behind it. */
  readonly name: string;
  readonly format: Format;
  /** Of a table; a line of JSON holds the whole row. */
  readonly columns: readonly Column[];
  readonly rows: AsyncIterable<Readonly<Record<Column, unknown>>>;
}

/** Sends all rows as a file, while they are read. */
export async function sendListFile<Column extends string>(web: Web, res: Response, file: ListFile<Column>): Promise<void> {
  res.status(200).set(headOf(file));
  try {
    await pipeline(Readable.from(linesOf(file)), res);
  } catch (error) {
    // The head is sent: an answer that breaks off is all that is left to say so.
    if (!res.headersSent) throw error;
    web.log.warn({ err: error, file: file.name }, 'a file broke off');
  }
}

function headOf({ name, format }: Pick<ListFile<string>, 'name' | 'format'>): Record<string, string> {
  const day = new Date().toISOString().slice(0, 10);
  return {
    'content-type': TYPES[format],
    'content-disposition': `attachment; filename="${name}-${day}.${format}"`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
}

async function* linesOf<Column extends string>({ format, columns, rows }: ListFile<Column>): AsyncGenerator<string, void> {
  if (format === 'csv') yield `${columns.join(',')}\r\n`;
  for await (const row of rows) {
    yield format === 'csv' ? `${columns.map((column) => csvCell(row[column])).join(',')}\r\n` : `${JSON.stringify(row)}\n`;
  }
}

/**
 * What begins like a formula, also in the signs of full width that East Asian spreadsheets take for the same; a cell begins
 * behind a semicolon and a line end as well, where a spreadsheet's language separates by them and knows no quotes of ours.
 */
const FORMULA = /^(?=\s*[=+\-@＝＋－＠]|[\t\r])|(?<=[;\r\n])(?=[^\S\r\n]*[=+\-@＝＋－＠]|\t)/g;

/** RFC 4180; a spreadsheet takes what begins like a formula for one, unless an apostrophe stands before it. */
export function csvCell(value: unknown): string {
  const text = value === null || value === undefined ? '' : value instanceof Date ? value.toISOString() : plain(value);
  const safe = text.replace(FORMULA, "'");
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
