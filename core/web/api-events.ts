import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsISO8601, IsUUID } from 'class-validator';
import type { Request, Response } from 'express';
import type { WholeEvent } from '../inbox/event-store.ts';
import { ENDED } from '../inbox/replay-store.ts';
import { NotFound } from '../sdk/errors.ts';
import { integrationScope } from './api-scope.ts';
import { bodyOf } from './body.ts';
import { IfGiven } from './dto.ts';
import { param } from './request.ts';
import type { Web } from './services.ts';

class ReplayBody {
  /** These only. */
  @IfGiven()
  @IsArray()
  @ArrayMaxSize(1000)
  @IsUUID('all', { each: true })
  events?: string[];

  /** That came at this time or later. */
  @IfGiven()
  @IsISO8601()
  from?: string;

  /** That came before it. */
  @IfGiven()
  @IsISO8601()
  until?: string;

  /** Default `["dead", "parked"]`. */
  @IfGiven()
  @IsArray()
  @IsIn(ENDED, { each: true })
  states?: (typeof ENDED)[number][];

  /** Only say what would happen. */
  @IfGiven()
  @IsBoolean()
  dryRun?: boolean;
}

/** `GET …/events/kept`: how many failed or wait for the integration, and why. */
export async function listKept(web: Web, req: Request, res: Response): Promise<void> {
  const { store, integration } = await integrationScope(web, req, 'view');
  res.json({ kept: await web.replays.kept(store.id, integration.id) });
}

/** `GET …/events/:event`: the event with its headers (secrets removed) and the trail of its attempts. */
export async function showEvent(web: Web, req: Request, res: Response): Promise<void> {
  const { store, integration } = await integrationScope(web, req, 'view');
  const { raw, body: _, storeId: __, integrationId: ___, ...event } = await eventOf(web, req, { store, integration });
  res.json({ ...event, bytes: raw.length });
}

/** `GET …/events/:event/body`: the bytes as they came, as a file and nothing a browser would show. */
export async function downloadEvent(web: Web, req: Request, res: Response): Promise<void> {
  const { store, integration } = await integrationScope(web, req, 'manage');
  sendBody(res, await eventOf(web, req, { store, integration }));
}

/** `POST …/events/replay`: 202 with how many are handled again; with `dryRun` 200 with what would happen. */
export async function replayEvents(web: Web, req: Request, res: Response): Promise<void> {
  const { store, integration, principal } = await integrationScope(web, req, 'manage');
  const { events, from, until, states, dryRun = false } = await bodyOf(ReplayBody, req);
  const selection = {
    storeId: store.id,
    integrationId: integration.id,
    ids: events,
    from: from === undefined ? undefined : new Date(from),
    until: until === undefined ? undefined : new Date(until),
    states,
  };
  if (dryRun) return void res.json(await web.replays.preview(selection));
  const replayed = await web.replays.run(selection);
  const { storeId: _, integrationId: __, ...asked } = selection;
  const detail = { ...asked, ids: events?.length, replayed };
  await web.audit.record({ storeId: store.id, principal, action: 'event.replay', target: integration.id, detail, ip: req.ip });
  res.status(202).json({ replayed });
}

/** `GET /api/admin/events`: what can be given to no integration, by plugin and reason. */
export async function listTrays(web: Web, _req: Request, res: Response): Promise<void> {
  res.json({ trays: await web.replays.trays() });
}

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

/** What a provider sent must never run, or be shown, as a page of ours. */
export function sendBody(res: Response, { id, raw }: Pick<WholeEvent, 'id' | 'raw'>): void {
  res.set({
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="event-${id}.txt"`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'",
    'cache-control': 'no-store',
  });
  res.send(raw);
}
