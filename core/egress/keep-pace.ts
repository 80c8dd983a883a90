import type { Reply } from '../sdk/http.ts';
import type { Budgets } from './budget.ts';
import type { HttpFor } from './http-for.ts';
import { pauseAsked } from './retry.ts';

/**
 * Keeps, for every host, when the account may be called again by what an answer says. What cannot be kept of it is no
 * reason to lose the answer.
 * @returns for how many seconds the plugin wants the account to rest
 */
export async function keepPace(budgets: Budgets, { pace, budget, log }: HttpFor, reply: Reply): Promise<number | undefined> {
  const untold = () => log.debug({ key: budget.key }, 'a pause was not kept');
  const holdSeconds = pauseAsked(reply);
  if (holdSeconds !== undefined) await budgets.hold(budget.key, holdSeconds).catch(untold);
  const restSeconds = pace?.(reply);
  if (restSeconds !== undefined) await budgets.rest(budget.key, restSeconds).catch(untold);
  return restSeconds;
}
