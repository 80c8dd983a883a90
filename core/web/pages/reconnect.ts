import type { Request, Response } from 'express';
import type { Web } from '../services.ts';
import { connectByKeys } from './connect-manual.ts';
import { connectByConsent } from './connect-oauth.ts';
import { integrationPlace } from './context.ts';
import { renderPlugin } from './plugin.ts';

export async function showReconnect(web: Web, req: Request, res: Response): Promise<void> {
  await renderPlugin(web, req, res, { place: await integrationPlace(web, req, 'manage') });
}

/** The same two ways as for a new connection; settings and records stay. */
export async function reconnect(web: Web, req: Request, res: Response): Promise<void> {
  const place = await integrationPlace(web, req, 'manage');
  const { _method: method } = (req.body ?? {}) as Record<string, unknown>;
  const run = method === 'manual' ? connectByKeys : connectByConsent;
  await run(web, req, res, place);
}
