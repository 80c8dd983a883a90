import type { Request, Response } from 'express';
import { integrationPlace } from './page-context.ts';
import { finish } from './page-outcome.ts';
import type { Web } from './services.ts';

export async function testIntegration(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal, integration, href } = await integrationPlace(web, req, 'sync');
  await finish(req, res, href, async () => (await web.integrations.test(store.id, integration.id, principal)).message);
}
