import { createHash } from 'node:crypto';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Pack } from 'tar-stream';
import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';
import { NotFound } from '../sdk/errors.ts';
import { EXPORTED, type ExportKind } from './export-kinds.ts';

/** One file of an archive, as its manifest says. */
export interface ExportedFile {
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Progress {
  /** The file being written. */
  readonly kind: string;
  readonly rows: number;
  readonly rowsInAll: number;
}

export interface ArchiveOptions {
  /** With patience: the snapshot is held, and every table read twice. */
  readonly dataSource: DataSource;
  readonly storeId: string;
  /** Gets the gzipped tar; ended with it. */
  readonly to: Writable;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

interface Part {
  readonly name: string;
  readonly lines: string;
  readonly rows: number;
  readonly bytes: number;
}

/** What is fetched at a time, whatever the size of a row. */
const PIECE_BYTES = 1024 * 1024;
const MOST_ROWS = 1000;
const FIRST_ROWS = 20;

/**
 * Writes everything a store holds as it is at one moment. A tar says how long a file is before it holds it, so each is
 * measured first, by the database and in the same snapshot: nothing is kept in memory or on this host's disk.
 * @throws NotFound for a store that is gone
 */
export async function writeArchive(options: ArchiveOptions): Promise<ExportedFile[]> {
  const { dataSource, storeId, to, signal } = options;
  // Rare, and large enough to be left out of a start.
  const { pack } = await import('tar-stream');
  return dataSource.transaction('REPEATABLE READ', async (manager) => {
    const sql = sqlOf(manager);
    await sql.query(`set transaction read only`);
    await sql.query(`set local timezone = 'UTC'`);
    const store = await storeOf(sql, storeId);
    const archive = pack();
    const broken = new AbortController();
    const sent = pipeline(archive as unknown as AsyncIterable<Buffer>, createGzip(), to, { signal });
    // Nobody would take what is written into an archive that goes nowhere.
    sent.catch((error: unknown) => broken.abort(error));
    try {
      const files = await writeFiles({ ...options, signal: AbortSignal.any([signal, broken.signal]) }, sql, archive);
      const manifest = { format: 'store-export/1', store, files, withheld: withheld() };
      archive.entry({ name: 'manifest.json', mtime: new Date(0) }, `${JSON.stringify(manifest, null, 2)}\n`);
      archive.finalize();
      await sent;
      return files;
    } catch (error) {
      archive.destroy(error as Error);
      await sent.catch(() => undefined);
      if (signal.aborted) throw signal.reason;
      throw broken.signal.aborted ? broken.signal.reason : error;
    }
  });
}

async function storeOf(sql: Sql, storeId: string): Promise<Record<string, unknown>> {
  const [store] = await sql.query(
    `select id, slug, name, created_at as "createdAt", now() as "exportedAt" from stores where id = $1`,
    [storeId],
  );
  if (store) return store;
  throw new NotFound('There is no such store; it may have been deleted.');
}

async function writeFiles({ storeId, signal, onProgress }: ArchiveOptions, sql: Sql, archive: Pack): Promise<ExportedFile[]> {
  const parts: Part[] = [];
  for (const [table, kind] of Object.entries(EXPORTED)) parts.push(await measured(sql, { table, kind, storeId }));
  const rowsInAll = parts.reduce((sum, { rows }) => sum + rows, 0);
  let done = 0;
  const files: ExportedFile[] = [];
  for (const part of parts) {
    const tell = (rows: number) => {
      done += rows;
      onProgress?.({ kind: part.name, rows: done, rowsInAll });
    };
    files.push(await writeFile(sql, archive, { part, signal, tell }));
  }
  return files;
}

async function measured(sql: Sql, of: { table: string; kind: ExportKind; storeId: string }): Promise<Part> {
  const lines = linesOf(of.table, of.kind, of.storeId);
  const [size] = await sql.query<{ rows: string; bytes: string }>(
    `select count(*) as rows, coalesce(sum(octet_length(line) + 1), 0) as bytes from (${lines}) measured`,
  );
  return { name: fileOf(of.kind), lines, rows: Number(size?.rows), bytes: Number(size?.bytes) };
}

interface Writing {
  readonly part: Part;
  readonly signal: AbortSignal;
  tell(rows: number): void;
}

async function writeFile(sql: Sql, archive: Pack, { part, signal, tell }: Writing): Promise<ExportedFile> {
  const { name, rows, bytes } = part;
  const hash = createHash('sha256');
  const sink = archive.entry({ name, size: bytes, mtime: new Date(0) });
  await pipeline(
    Readable.from(piecesOf(sql, part.lines, tell)),
    async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        hash.update(piece);
        yield piece;
      }
    },
    sink,
    { signal },
  );
  return { name, rows, bytes, sha256: hash.digest('hex') };
}

/** By a cursor: as many rows at a time as make about a megabyte. */
async function* piecesOf(sql: Sql, lines: string, tell: (rows: number) => void): AsyncGenerator<Buffer, void> {
  await sql.query(`declare export_lines no scroll cursor for ${lines}`);
  for (let want = FIRST_ROWS; ; ) {
    const rows = await sql.query<{ line: string }>(`fetch ${want} from export_lines`);
    if (rows.length === 0) break;
    const piece = Buffer.from(`${rows.map(({ line }) => line).join('\n')}\n`);
    tell(rows.length);
    yield piece;
    want = Math.max(1, Math.min(MOST_ROWS, Math.floor((PIECE_BYTES * rows.length) / piece.length)));
  }
  await sql.query('close export_lines');
}

/** What who asked for the archive is told of it; undefined where there is nothing to tell. */
export function noteOn(files: readonly ExportedFile[]): string | undefined {
  const unsorted = files.find(({ name, rows }) => name === fileOf(EXPORTED['webhook_spool']) && rows > 0);
  return unsorted && `Not all accepted messages were sorted in yet; the rest stands as it came in ${unsorted.name}.`;
}

function fileOf(kind: ExportKind | undefined): string {
  return `${kind?.file}.jsonl`;
}

/** File → what of it is not there, and why. */
function withheld(): Record<string, Record<string, string>> {
  const files = Object.values(EXPORTED).map(({ file, withheld: columns }) => [file, columns] as const);
  return Object.fromEntries(files);
}

/** The lines of a file, one JSON object each, in their order. */
function linesOf(table: string, { columns, computed = {}, order }: ExportKind, storeId: string): string {
  if (!/^[0-9a-f-]{36}$/.test(storeId)) throw new Error('An export needs the id of a store.');
  const more = Object.entries(computed).map(([name, sql]) => `${sql} as ${name}`);
  return `select row_to_json(line)::text as line from (
    select ${[...columns, ...more].join(', ')} from ${table} where store_id = '${storeId}' order by ${order}) line`;
}
