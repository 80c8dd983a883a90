import { createWriteStream, existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { DataSource } from 'typeorm';
import { Audit } from '../access/audit.ts';
import { MembershipStore } from '../access/membership-store.ts';
import { sqlOf } from '../database/transaction.ts';
import { sortedIn } from '../inbox/sorted-in.ts';
import { noteOn, writeArchive } from '../privacy/export-archive.ts';
import { NotFound } from '../sdk/errors.ts';
import { type Command, type Io, options, required, UsageError } from './command.ts';
import { withDatabase } from './with-database.ts';

export const exportCommand: Command = {
  name: 'export',
  summary: 'write everything a store holds, without secrets, into an archive',
  usage: `  --store <slug>   required
  --out <file>     a .tar.gz that is not there yet (default <slug>-<day>.tar.gz)`,
  async run(args, io) {
    const given = options(args, { store: { type: 'string' }, out: { type: 'string' } });
    const slug = required(given.store, '--store');
    const out = given.out ?? `${slug}-${new Date().toISOString().slice(0, 10)}.tar.gz`;
    await withDatabase(io.readConfig(), (dataSource) => exportStore(dataSource, { slug, out, io }), { patient: true });
    return 0;
  },
};

async function exportStore(dataSource: DataSource, { slug, out, io }: { slug: string; out: string; io: Io }): Promise<void> {
  const store = await new MembershipStore(dataSource).bySlug(slug);
  if (!store) throw new NotFound(`There is no store "${slug}"; check its slug.`);
  if (existsSync(out)) throw new UsageError(`${out} is there already; name another file with --out.`);
  // Nobody else reads it.
  const to = createWriteStream(out, { flags: 'wx', mode: 0o600 });
  const told = new Set<string>();
  const onProgress = ({ kind }: { kind: string }) => {
    if (!told.has(kind)) io.err(kind);
    told.add(kind);
  };
  try {
    const { signal } = new AbortController();
    const failed = (error: unknown) => io.err(`Sorting in what was accepted failed: ${String(error)}`);
    await sortedIn(dataSource, store.id, { signal, failed });
    const files = await writeArchive({ dataSource, storeId: store.id, to, signal, onProgress });
    const rows = files.reduce((sum, file) => sum + file.rows, 0);
    await new Audit(sqlOf(dataSource)).record({ storeId: store.id, actor: 'cli', action: 'store.export', detail: { rows } });
    const note = noteOn(files);
    if (note) io.err(note);
    io.out(`Wrote ${rows} lines of ${store.name} into ${out}.`);
  } catch (error) {
    await rm(out, { force: true });
    throw error;
  }
}
