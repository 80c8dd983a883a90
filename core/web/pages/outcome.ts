import type { Request, Response } from 'express';
import { hubError } from '../../sdk/errors.ts';
import type { Flash } from '../view-models/pages.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { setFlash } from './page.ts';

/**
 * Does what a button asks for and leads on with a sentence that says what happened, good or bad.
 * @throws what is neither the person's nor the provider's doing
 */
export async function finish(req: Request, res: Response, next: string, act: () => Promise<string | Flash>): Promise<void> {
  try {
    const done = await act();
    await setFlash(req, typeof done === 'string' ? { kind: 'good', text: done } : done);
  } catch (error) {
    const known = hubError(error);
    if (!known || known.consequence === 'plugin-fault') throw error;
    const again = known.consequence === 'try-later' && !/try again/i.test(known.message);
    await setFlash(req, { kind: 'bad', text: again ? `${said(known.message)} ${t('error.tryAgain')}` : said(known.message) });
  }
  res.redirect(303, next);
}
