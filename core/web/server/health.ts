import type { Express, Request, Response } from 'express';
import { pendingMigrations } from '../../database/migrate.ts';
import { sameText } from '../../sdk/signature.ts';
import { notFound } from '../http/errors.ts';
import type { Web } from '../services.ts';
import { Metrics } from './metrics.ts';

/** Before everything that needs a database: `/healthz` must answer while it is away. @returns what ends the counting */
export function mountHealth(app: Express, web: Web): () => void {
  const metrics = web.config.metricsToken ? new Metrics(web) : undefined;
  app.get('/healthz', (_req, res) => void res.set('cache-control', 'no-store').json({ status: 'ok' }));
  app.get('/readyz', (_req, res) => ready(web, res));
  app.get('/metrics', async (req, res) => {
    if (!metrics || !mayRead(req, web.config.metricsToken)) throw notFound(req.path);
    res.set('content-type', metrics.contentType).send(await metrics.text());
  });
  return () => metrics?.close();
}

async function ready(web: Web, res: Response): Promise<void> {
  const [database, migrations] = await checkDatabase(web);
  const templates = web.registry.templates();
  const failed = templates.filter(({ state }) => state === 'failed' || state === 'missing').map(({ id }) => id);
  // A broken plugin hurts only itself: the hub is ready without it.
  const plugins = { loaded: templates.length - failed.length, failed };
  const ok = database === 'ok' && migrations === 'ok';
  res
    .status(ok ? 200 : 503)
    .set('cache-control', 'no-store')
    .json({ status: ok ? 'ready' : 'not ready', checks: { database, migrations, plugins } });
}

async function checkDatabase({
  dataSource,
  log,
}: Web): Promise<[database: 'ok' | 'away', migrations: 'ok' | 'pending' | 'unknown']> {
  try {
    return ['ok', (await pendingMigrations(dataSource)).length === 0 ? 'ok' : 'pending'];
  } catch (error) {
    log.warn({ err: error }, 'not ready: the database is away');
    return ['away', 'unknown'];
  }
}

function mayRead(req: Request, token: string | undefined): boolean {
  return sameText(req.headers.authorization, `Bearer ${token}`);
}
