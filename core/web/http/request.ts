import type { Request } from 'express';
import { type FieldFault, Rejected } from '../../sdk/errors.ts';

export function isApi(req: Request): boolean {
  return /^\/(api|webhooks|sandbox\/[^/]+\/api)(\/|$)/.test(req.path) || ['/healthz', '/readyz', '/metrics'].includes(req.path);
}

/** Programs get JSON, people pages: decided by where and how they ask. */
export function wantsJson(req: Request): boolean {
  if (isApi(req) || req.is('json')) return true;
  return req.accepts(['html', 'json']) === 'json';
}

/** Does the caller want to be told as it happens? */
export function wantsStream(req: Request): boolean {
  return req.accepts(['json', 'text/event-stream']) === 'text/event-stream';
}

/** Path and query, as it was asked for; only ever a path of ours. */
export function pathOf(req: Request): string {
  return localPath(req.originalUrl) ?? '/';
}

/** The value when it is a path on this host, so that no link of ours can send a person elsewhere. */
export function localPath(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\/(?![/\\])[\x21-\x7e]*$/.test(value) || value.includes('\\')) return undefined;
  // The parser drops tabs and line ends and may see a host where the pattern saw none.
  const parsed = URL.canParse(value, 'http://local') ? new URL(value, 'http://local') : undefined;
  return parsed?.origin === 'http://local' ? value : undefined;
}

export function param(req: Request, name: string): string {
  const value = req.params[name];
  return Array.isArray(value) ? value.join('/') : (value ?? '');
}

/** A field of the form that was sent, as it was typed; empty where there is none. */
export function bodyText(req: Request, name: string): string {
  const { [name]: value } = (req.body ?? {}) as Record<string, unknown>;
  return typeof value === 'string' ? value : '';
}

/** @throws Rejected when the parameter is given more than once */
export function queryText(req: Request, name: string): string | undefined {
  const value: unknown = req.query[name];
  if (value === undefined || typeof value === 'string') return value || undefined;
  throw badQuery(name, `Give "${name}" once.`);
}

/** What was typed into a filter; what is given more than once is not asked for. */
export function filterText(req: Request, name: string): string {
  const value: unknown = req.query[name];
  return typeof value === 'string' ? value.trim().slice(0, 200) : '';
}

/** @throws Rejected when it is none of `allowed` */
export function queryChoice<T extends string>(req: Request, name: string, allowed: readonly T[]): T | undefined {
  const text = queryText(req, name);
  if (text === undefined || (allowed as readonly string[]).includes(text)) return text as T | undefined;
  throw badQuery(name, `"${name}" must be one of ${allowed.join(', ')}.`);
}

/** Every parameter once, as plugins see them; repeated ones are joined by commas. */
export function queryRecord(req: Request): Record<string, string> {
  return Object.fromEntries(Object.entries(req.query).map(([name, value]) => [name, String(value)]));
}

/** Header names as they came, several values joined. */
export function headerRecord(req: Request): Record<string, string> {
  const entries = Object.entries(req.headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]));
}

function badQuery(name: string, message: string): Rejected {
  const fields: FieldFault[] = [{ pointer: `/query/${name}`, message }];
  return new Rejected(message, { fields });
}
