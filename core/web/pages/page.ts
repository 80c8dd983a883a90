import type { Request, Response } from 'express';
import type { StoreView } from '../../access/stores.ts';
import { knownPrincipal, principalOf } from '../http/guard.ts';
import { chosenStore, storesOf } from '../http/own-stores.ts';
import type { MadeOf } from '../http/repeats.ts';
import { pathOf } from '../http/request.ts';
import { nonceOf } from '../http/security-headers.ts';
import { saveSession } from '../http/session.ts';
import type { Web } from '../services.ts';
import type { Flash, Pages, Shell } from '../view-models/pages.ts';
import { KeptPart } from './kept-part.ts';

export interface ShownPage<P extends keyof Pages> {
  readonly name: P;
  readonly title: string;
  /** Or what the page says, made before for any reader of this language: see {@link KeptPart}. */
  readonly model: Pages[P] | KeptPart;
  /** Default 200. */
  readonly status?: number;
  readonly store?: StoreView | undefined;
  readonly flash?: Flash | undefined;
  readonly sandbox?: boolean;
  readonly refresh?: number | undefined;
  /** For a page that may be sent again as it is while this is the same. */
  readonly madeOf?: MadeOf;
}

/** Sends a page in its frame: who is signed in, their stores, and the sentence left by the page before. */
export async function showPage<P extends keyof Pages>(web: Web, req: Request, res: Response, page: ShownPage<P>): Promise<void> {
  const principal = knownPrincipal(req);
  const stores = principal ? await storesOf(web, req, principal) : [];
  const store = page.store ?? chosenStore(req, stores);
  const shell: Shell = {
    csrf: web.csrf.token(req, res),
    title: page.title,
    user: principal && { email: principal.email, operator: principal.operator },
    store: principal && store,
    stores,
    flash: page.flash ?? takeFlash(req),
    sandbox: page.sandbox ?? false,
    refresh: page.refresh,
    nonce: nonceOf(res),
    path: req.method === 'GET' ? pathOf(req) : req.path,
  };
  const { name, model, madeOf } = page;
  const frame = (part: string, given: Shell) => web.views.framed(name, part, given);
  const text = model instanceof KeptPart ? model.framed(shell, frame) : web.views.page(name, model, shell);
  const html = Buffer.from(text);
  res.status(page.status ?? 200).set({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  // Not `send`: it makes an ETag, which is worth nothing where nothing may be kept.
  res.set('content-length', String(html.length));
  if (madeOf) web.repeats.keep(req, res, { madeOf, html });
  res.end(html);
}

/** The store the pages are about; undefined for a person without any. */
export async function currentStore(web: Web, req: Request): Promise<StoreView | undefined> {
  return chosenStore(req, await storesOf(web, req, principalOf(req)));
}

/** Leaves a sentence for the next page. */
export async function setFlash(req: Request, flash: Flash): Promise<void> {
  req.session.flash = flash;
  await saveSession(req);
}

function takeFlash(req: Request): Flash | undefined {
  // A page that keeps itself current reads itself in the background, where nobody would see the sentence.
  if (req.get('x-live')) return undefined;
  const flash = req.session?.flash;
  if (flash) delete req.session.flash;
  return flash;
}
