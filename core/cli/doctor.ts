import type { DataSource } from 'typeorm';
import { NO_STORE } from '../access/audit-seal-store.ts';
import type { Config } from '../config.ts';
import { pendingMigrations } from '../database/migrate.ts';
import { SpoolFiguresStore } from '../inbox/spool-figures-store.ts';
import { census, heldUnder, kidsOf } from '../vault/census.ts';
import { inspect } from '../vault/inspection.ts';
import { wireKeys } from '../wire-keys.ts';
import { type Command, type Io, options } from './command.ts';
import { readTemplates } from './plugin-list.ts';
import { withRawDatabase } from './with-database.ts';

interface Finding {
  readonly ok: boolean;
  readonly what: string;
}

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'check runtime, settings, database, keys, audit log, inbox and plugins; exit 1 when something is wrong',
  usage: '',
  async run(args, io) {
    options(args, {});
    const major = Number(process.versions.node.split('.')[0]);
    report(io, {
      ok: major >= 24,
      what: `Node ${process.version}${major >= 24 ? '' : '; the hub needs 24: run it through bin/hub.js'}`,
    });
    const config = io.readConfig();
    report(io, { ok: true, what: `settings are complete; the hub would listen on ${config.publicUrl}` });
    const findings = await withRawDatabase(config, (dataSource) => examine(config, dataSource)).catch((error: Error) => [
      { ok: false, what: `database: ${error.message}` },
    ]);
    for (const finding of findings) report(io, finding);
    return major >= 24 && findings.every(({ ok }) => ok) ? 0 : 1;
  },
};

async function examine(config: Config, dataSource: DataSource): Promise<Finding[]> {
  const [{ version }] = await dataSource.query<[{ version: string }]>("select current_setting('server_version') as version");
  const where = config.databaseUrl ? 'at DATABASE_URL' : `embedded in ${config.dataDir}`;
  const pending = await pendingMigrations(dataSource);
  return [
    { ok: true, what: `PostgreSQL ${version}, ${where}` },
    pending.length === 0
      ? { ok: true, what: 'the schema is up to date' }
      : { ok: false, what: `migrations are pending (${pending.join(', ')}): run hub migrate, or hub start` },
    ...(pending.length === 0 ? await examineKeys(config, dataSource) : []),
    ...(pending.length === 0 ? await examineAudit(config, dataSource) : []),
    ...(pending.length === 0 ? await examineInbox(dataSource) : []),
    ...(pending.length === 0 ? await examinePlugins(config, dataSource) : []),
  ];
}

async function examineKeys(config: Config, dataSource: DataSource): Promise<Finding[]> {
  const { ring, vault, sealed } = wireKeys(dataSource, config);
  const [held, inspected] = [await census(sealed), await inspect({ sealed, vault }, (kid) => ring.kids.includes(kid))];
  const others = kidsOf(held).filter((kid) => kid !== ring.kids[0]);
  const wrong = [
    ...others.map((kid) => `${heldUnder(held, kid)} sealed with ${ring.kids.includes(kid) ? older(kid) : absent(kid)}`),
    ...inspected.filter(({ broken }) => broken > 0).map(({ name, broken }) => `${broken} in ${name} ${BROKEN}`),
    ...inspected.filter(({ misplaced }) => misplaced > 0).map(({ name, misplaced }) => `${misplaced} in ${name} ${MISPLACED}`),
  ];
  const opened = inspected.reduce((sum, one) => sum + one.opened, 0);
  const all = { ok: true, what: `${opened.toLocaleString('en')} secrets open with the keys of this hub` };
  return [all, ...wrong.map((what) => ({ ok: false, what: `keys: ${what}` }))];
}

const BROKEN = 'do not open with the key they name, because they were changed, or the key was: connect or enter them anew';
const MISPLACED = 'belong to another row, from which they were copied, and open for nobody here: connect or enter them anew';
const older = (kid: string) => `the older key "${kid}": run hub keys rotate`;
const absent = (kid: string) => `the key "${kid}", which is not there: put it back, last in the ring, and run hub keys rotate`;

/** The log of each store, and that of none: is each entry as it was sealed, and none gone? */
async function examineAudit(config: Config, dataSource: DataSource): Promise<Finding[]> {
  const { auditSeals } = wireKeys(dataSource, config);
  const stores = await dataSource.query<{ id: string; slug: string }[]>('select id, slug from stores');
  const names = new Map(stores.map(({ id, slug }) => [id, `store ${slug}`]));
  const wrong: string[] = [];
  let entries = 0;
  for (const id of await auditSeals.scopes()) {
    const verdict = await auditSeals.verify(id);
    entries += verdict.entries;
    const whose = id === NO_STORE ? 'this hub' : (names.get(id) ?? `store ${id}`);
    wrong.push(...verdict.faults.map((fault) => `audit log of ${whose}: ${fault}`));
  }
  const all = { ok: true, what: `${entries.toLocaleString('en')} entries of the audit log are sealed` };
  return [all, ...wrong.map((what) => ({ ok: false, what }))];
}

/** What was accepted and is in no list yet. */
async function examineInbox(dataSource: DataSource): Promise<Finding[]> {
  const spool = new SpoolFiguresStore(dataSource);
  const [{ count, since, isEstimate }, { rows, more }] = [await spool.all(), await spool.unreadable()];
  const wrong = rows.map(
    ({ store, integration, count: kept, problem }) =>
      `${accepted(kept)} of ${integration} (${store}) kept, which this version cannot read: ${problem} ${UNREADABLE}`,
  );
  const isLate = since !== null && Date.now() - since.getTime() > LATE_MS;
  const oldest = since ? `, the oldest since ${since.toISOString()}` : '';
  const what = `${isEstimate ? 'about ' : ''}${accepted(count)} still to be sorted in${oldest}${isLate ? NO_WORKER : ''}`;
  const others = more > 0 ? [`of ${more.toLocaleString('en')} more integrations, too: see /admin/events`] : [];
  const findings = [{ ok: !isLate, what }, ...[...wrong, ...others].map((one) => ({ ok: false, what: one }))];
  return findings.map((finding) => ({ ...finding, what: `inbox: ${finding.what}` }));
}

const accepted = (count: number) => `${count.toLocaleString('en')} accepted ${count === 1 ? 'message' : 'messages'}`;
/** Sorting in takes minutes under a long flood, and no longer. */
const LATE_MS = 600_000;
const NO_WORKER = ': no worker does that, or too few; start a host with the role "worker"';
const UNREADABLE =
  'If a later version accepted that, start that one again, or a newer one; what is damaged can be set aside on /admin/events/unreadable';

async function examinePlugins(config: Config, dataSource: DataSource): Promise<Finding[]> {
  const templates = await readTemplates(config, dataSource);
  const failed = templates.filter(({ error }) => error !== undefined);
  if (templates.length === 0) return [{ ok: false, what: `no plugins in ${config.pluginDirs.join(', ')}` }];
  const count = `${templates.length - failed.length} of ${templates.length} plugins are in order`;
  return [
    { ok: failed.length === 0, what: count },
    ...failed.map(({ id, error }) => ({ ok: false, what: `plugin ${id}: ${error}` })),
  ];
}

function report(io: Io, { ok, what }: Finding): void {
  io.out(`${ok ? 'ok   ' : 'WRONG'}  ${what}`);
}
