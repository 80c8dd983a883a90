import type { Request, Response } from 'express';
import { poolUse } from '../../database/pool-use.ts';
import type { Census } from '../../integrations/census-store.ts';
import { factsOf } from '../plugin-facts.ts';
import type { Web } from '../services.ts';
import { type AdminFact, adminOverview, type OverviewInput } from '../view-models/admin-overview.ts';
import { type AdminPluginRow, adminPluginRow } from '../view-models/admin-plugins.ts';
import { list } from '../words/format.ts';
import { t } from '../words/texts.ts';
import { showPage } from './page.ts';

const DAYS = 30;

export async function showAdmin(web: Web, req: Request, res: Response): Promise<void> {
  const [census, figures, mails, analytics, byStore, byPlugin, system] = await Promise.all([
    web.census.byPlugin(),
    web.hubFigures.totals(),
    web.mails.counts(),
    web.analytics.of(undefined, DAYS),
    web.fleet.byStore(DAYS),
    web.fleet.byPlugin(DAYS),
    systemOf(web),
  ]);
  const rows = rowsOf(web, census);
  const mail = { mode: web.mail.mode, dead: mails.dead };
  const told = { rows, census: [...census.values()], figures, mail, settings: settingsOf(web) };
  const model = adminOverview({ ...told, analytics, byStore, byPlugin, system });
  await showPage(web, req, res, { name: 'admin-overview', title: t('frame.administration'), model });
}

export async function showAdminPlugins(web: Web, req: Request, res: Response): Promise<void> {
  const rows = rowsOf(web, await web.census.byPlugin());
  await showPage(web, req, res, { name: 'admin-plugins', title: t('admin.plugins'), model: { rows } });
}

function rowsOf({ registry }: Web, census: ReadonlyMap<string, Census>): AdminPluginRow[] {
  return registry
    .templates()
    .map((template) => adminPluginRow({ template, facts: factsOf(registry, template), census: census.get(template.id) }));
}

async function systemOf(web: Web): Promise<OverviewInput['system']> {
  const [{ waiting, unsorted, outages }, ms, keys] = await Promise.all([
    web.hubFigures.read(),
    web.hubFigures.answersInMs(),
    keysOf(web),
  ]);
  const { busy, waiting: queries } = poolUse(web.dataSource);
  const where = web.config.databaseUrl === undefined ? t('admin.embedded') : 'PostgreSQL';
  return {
    waiting,
    unreadable: unsorted.unreadable,
    outages: outages.map(({ of }) => web.registry.template(of)?.name ?? of),
    database: { ms: Math.ceil(ms), busy, waiting: queries, where },
    keys,
  };
}

/** Which key seals, and how far its exchange is while one is under way. */
async function keysOf({ ring, rotations }: Web): Promise<string> {
  const last = await rotations.last();
  return last && last.finishedAt === null
    ? t('admin.keysRotating', { kid: last.kid, done: last.done, total: last.total })
    : t('admin.keysSeal', { kid: ring.currentKid });
}

function settingsOf({ config }: Web): AdminFact[] {
  return [
    { label: t('admin.publicUrl'), value: config.publicUrl },
    { label: t('cards.sandbox'), value: t(config.sandbox ? 'admin.sandboxOn' : 'details.often.off') },
    { label: t('admin.process'), value: `${list(config.roles)}, Node ${process.versions.node}` },
    { label: t('admin.folders'), value: config.pluginDirs.join(', ') },
  ];
}
