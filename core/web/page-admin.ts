import type { Request, Response } from 'express';
import { sqlOf } from '../database/transaction.ts';
import { showPage } from './page.ts';
import { factsOf } from './plugin-facts.ts';
import type { Web } from './services.ts';
import { t } from './texts.ts';
import { type AdminFact, adminOverview, type SystemFigures } from './view-models/admin-overview.ts';
import { adminPluginRow } from './view-models/admin-plugins.ts';
import { list } from './words.ts';

export async function showAdmin(web: Web, req: Request, res: Response): Promise<void> {
  const [census, figures, mails] = await Promise.all([web.census.byPlugin(), figuresOf(web), web.mails.counts()]);
  const rows = web.registry
    .templates()
    .map((template) => adminPluginRow({ template, facts: factsOf(web.registry, template), census: census.get(template.id) }));
  const model = adminOverview({
    rows,
    census: [...census.values()],
    figures,
    mail: { off: web.mail.mode === 'off', dead: mails.dead },
    settings: [...settingsOf(web), await keysOf(web)],
  });
  await showPage(web, req, res, { name: 'admin-overview', title: t('frame.administration'), model });
}

export async function showAdminPlugins(web: Web, req: Request, res: Response): Promise<void> {
  const census = await web.census.byPlugin();
  const rows = web.registry
    .templates()
    .map((template) => adminPluginRow({ template, facts: factsOf(web.registry, template), census: census.get(template.id) }));
  await showPage(web, req, res, { name: 'admin-plugins', title: t('admin.plugins'), model: { rows } });
}

async function figuresOf({ dataSource }: Web): Promise<SystemFigures> {
  const [figures] = await sqlOf(dataSource).query<SystemFigures>(
    `select (select count(*)::int from stores) as stores, (select count(*)::int from users) as users,
            (select count(*)::int from webhook_events where state in ('pending', 'parked', 'unverified')) as "waitingEvents",
            (select count(*)::int from webhook_events where state in ('dead', 'parked', 'unmatched', 'unverified')) as "strandedEvents",
            (select count(*)::int from sync_runs where status in ('queued', 'running')) as "runningSyncs"`,
  );
  return figures ?? { stores: 0, users: 0, waitingEvents: 0, strandedEvents: 0, runningSyncs: 0 };
}

/** Which key seals, and how far its exchange is while one is under way. */
async function keysOf({ ring, rotations }: Web): Promise<AdminFact> {
  const last = await rotations.last();
  const value =
    last && last.finishedAt === null
      ? t('admin.keysRotating', { kid: last.kid, done: last.done, total: last.total })
      : t('admin.keysSeal', { kid: ring.currentKid });
  return { label: t('admin.keys'), value };
}

function settingsOf({ config }: Web): AdminFact[] {
  return [
    { label: t('admin.publicUrl'), value: config.publicUrl },
    { label: t('admin.database'), value: config.databaseUrl === undefined ? t('admin.embedded') : 'PostgreSQL' },
    { label: t('cards.sandbox'), value: t(config.sandbox ? 'admin.sandboxOn' : 'details.often.off') },
    { label: t('admin.process'), value: `${list(config.roles)}, Node ${process.versions.node}` },
    { label: t('admin.folders'), value: config.pluginDirs.join(', ') },
  ];
}
