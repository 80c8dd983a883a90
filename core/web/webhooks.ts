import express, { type Express, type Request, type Response } from 'express';
import type { Incoming } from '../sdk/plugin.ts';
import { wrongMethod } from './errors.ts';
import { type RateLimits, webhookLimit } from './rate-limit.ts';
import { headerRecord, param, queryRecord } from './request.ts';
import type { Web } from './services.ts';

const PATHS = [
  '/webhooks/:plugin',
  '/webhooks/:plugin/c/:key',
  '/webhooks/:plugin/:eventType',
  '/api/integrations/:plugin/webhook',
];

/** Raw bytes in, the plugin's answer out; signatures are checked over exactly these bytes, so nothing may parse them. */
export function mountWebhooks(app: Express, web: Web, limits: RateLimits): void {
  const raw = express.raw({ limit: '1mb', type: () => true, inflate: false });
  const limit = webhookLimit(limits);
  const receive = (req: Request, res: Response) => receiveWebhook(web, req, res);
  for (const path of PATHS) {
    app.get(path, limit, receive);
    app.post(path, limit, raw, receive);
    app.all(path, (req) => {
      throw wrongMethod(req.method, ['GET', 'POST']);
    });
  }
}

async function receiveWebhook(web: Web, req: Request, res: Response): Promise<void> {
  const key = param(req, 'key');
  const ack = await web.intake.receive(param(req, 'plugin'), incoming(req), key || undefined);
  res.status(ack.status).set(ack.headers ?? {});
  if (ack.body === undefined) res.end();
  else res.send(ack.body);
}

function incoming(req: Request): Incoming {
  const eventType = param(req, 'eventType');
  return {
    method: req.method === 'POST' ? 'POST' : 'GET',
    ...(eventType && { eventType }),
    query: queryRecord(req),
    headers: headerRecord(req),
    raw: Buffer.isBuffer(req.body) ? req.body : new Uint8Array(),
    receivedAt: new Date().toISOString(),
  };
}
