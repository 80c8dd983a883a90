import type { Request, Response } from 'express';
import type { Principal } from '../../access/principal.ts';
import type { Web } from '../services.ts';
import type { Reader } from '../words/reader.ts';
import { catalogue } from '../words/texts.ts';
import { cookieName, isSecure, saveSession } from './session.ts';

declare module 'express-session' {
  interface SessionData {
    /** The language the person chose; empty where they never did. */
    locale: string;
  }
}

const YEAR_MS = 365 * 86_400_000;
const ZONES: ReadonlySet<string> = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);

/**
 * Whom a page is for: what the person chose, else what this browser chose before anybody signed in, else what it asks for. The
 * zone is the one the browser told.
 */
export function readerOf(web: Web, req: Request): Reader {
  const cookies = (req.cookies ?? {}) as Record<string, string | undefined>;
  const chosen = [req.session?.locale, cookies[cookieName(web.config, 'lang')]].find((tag) => tag && isKnown(tag));
  const zone = cookies['tz'];
  return {
    locale: chosen ?? (req.acceptsLanguages([...catalogue.locales]) || 'en'),
    timeZone: zone && ZONES.has(zone) ? zone : 'UTC',
  };
}

/** Once a session: what the person chose is kept with them, and read where it is not known yet; mails go by what they read. */
export async function recallLanguage(web: Web, req: Request, principal: Principal | undefined): Promise<void> {
  if (!principal?.sessionId || req.session.locale !== undefined) return;
  req.session.locale = (await web.languages.of(principal.userId)) ?? '';
  if (req.session.locale === '') await web.languages.seen(principal.userId, readerOf(web, req).locale);
}

interface Choosing {
  readonly req: Request;
  readonly res: Response;
  readonly principal: Principal | undefined;
}

/** For this browser, and for the person wherever they sign in. */
export async function rememberLanguage(web: Web, { req, res, principal }: Choosing, tag: string): Promise<void> {
  const secure = isSecure(web.config);
  res.cookie(cookieName(web.config, 'lang'), tag, { maxAge: YEAR_MS, httpOnly: true, sameSite: 'lax', secure, path: '/' });
  if (!principal) return;
  await web.languages.choose(principal.userId, tag);
  req.session.locale = tag;
  await saveSession(req);
}

export function isKnown(tag: string): boolean {
  return catalogue.locales.includes(tag);
}
