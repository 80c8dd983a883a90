import type { Request, Response } from 'express';
import type { WholeEvent } from '../inbox/event-store.ts';
import { NotFound } from '../sdk/errors.ts';
import { param } from './http/request.ts';
import type { Web } from './services.ts';

interface Place {
  readonly store: { readonly id: string };
  readonly integration: { readonly id: string };
}

/** @throws NotFound */
export async function eventOf(web: Web, req: Request, { store, integration }: Place): Promise<WholeEvent> {
  const event = await web.events.get(store.id, param(req, 'event'));
  if (event.integrationId === integration.id) return event;
  throw new NotFound('This integration has no such event.');
}

export function sendBody(res: Response, { id, raw }: Pick<WholeEvent, 'id' | 'raw'>): void {
  sendFile(res, `event-${id}.txt`, raw);
}

/** What a provider sent must never run, or be shown, as a page of ours. */
export function sendFile(res: Response, name: string, raw: Buffer): void {
  res.set({
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${name}"`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cache-control': 'no-store',
  });
  res.send(raw);
}
