import type { Request, Response } from 'express';
import { sqlOf } from '../database/transaction.ts';
import { showPage } from './page.ts';
import { factsOf } from './plugin-facts.ts';
import type { Web } from './services.ts';
import { type AdminFact, adminOverview, type SystemFigures } from './view-models/admin-overview.ts';
import { adminPluginRow } from './view-models/admin-plugins.ts';

export async function showAdmin(web: Web, req: Request, res: Response): Promise<void> {
  const [census, figures] = await Promise.all([web.census.byPlugin(), figuresOf(web)]);
  const rows = web.registry
    .templates()
    .map((template) => adminPluginRow({ template, facts: factsOf(web.registry, template), census: census.get(template.id) }));
  const model = adminOverview({ rows, census: [...census.values()], figures, settings: settingsOf(web) });
  await showPage(web, req, res, { name: 'admin-overview', title: 'Administration', model });
}

export async function showAdminPlugins(web: Web, req: Request, res: Response): Promise<void> {
  const census = await web.census.byPlugin();
  const rows = web.registry
    .templates()
    .map((template) => adminPluginRow({ template, facts: factsOf(web.registry, template), census: census.get(template.id) }));
  await showPage(web, req, res, { name: 'admin-plugins', title: 'Plugins', model: { rows } });
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

function settingsOf({ config }: Web): AdminFact[] {
  return [
    { label: 'Public address', value: config.publicUrl },
    { label: 'Database', value: config.databaseUrl === undefined ? 'Embedded, in the data folder' : 'PostgreSQL' },
    { label: 'Sandbox', value: config.sandbox ? 'On: simulators answer instead of providers' : 'Off' },
    { label: 'This process', value: `${config.roles.join(' and ')}, Node ${process.versions.node}` },
    { label: 'Plugin folders', value: config.pluginDirs.join(', ') },
  ];
}
