import type { Request, Response } from 'express';
import { Rejected } from '../../sdk/errors.ts';
import { knownPrincipal } from '../http/guard.ts';
import { isKnown, rememberLanguage } from '../http/language.ts';
import { localPath } from '../http/request.ts';
import type { Web } from '../services.ts';

/** `POST /language`: the language of all pages from now on, then back to where the person was. */
export async function chooseLanguage(web: Web, req: Request, res: Response): Promise<void> {
  const { locale, next } = req.body as Record<string, unknown>;
  if (typeof locale !== 'string' || !isKnown(locale)) {
    const message = 'There are no texts in this language; choose one of the menu.';
    throw new Rejected(message, { fields: [{ pointer: '/locale', message }] });
  }
  await rememberLanguage(web, { req, res, principal: knownPrincipal(req) }, locale);
  res.redirect(303, localPath(next) ?? '/');
}
