import { hubError, Rejected } from 'patchbay';
import type { PageAccess } from './access.ts';
import { declined, notAllowed } from './identify.ts';
import type { Context } from './manifest.ts';

/** Says who keeps the leads back, the login itself or a page, and the one step that mends it. */
export async function* naming<T>(ctx: Context, page: PageAccess, work: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
  try {
    yield* work;
  } catch (error) {
    const known = hubError(error);
    if (known?.code !== 'FORBIDDEN') throw error;
    if (ctx.method === 'oauth' && (await declined(ctx)).includes('leads_retrieval')) {
      throw new Rejected(notAllowed(['leads_retrieval']), { code: 'RECONNECT_NEEDED', cause: error });
    }
    const advice = 'Ask for access to its leads, or choose other pages in the settings.';
    throw new Rejected(`The page ${page.name} does not give its leads to this login. ${advice}`, {
      code: 'FORBIDDEN',
      cause: error,
    });
  }
}
