import type { Request, Response } from 'express';
import { hubError } from '../sdk/errors.ts';
import { setFlash } from './page.ts';
import { said } from './said.ts';
import { t } from './texts.ts';
import type { Flash } from './view-models/pages.ts';

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
