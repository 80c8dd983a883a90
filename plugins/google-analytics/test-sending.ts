import { type HubError, hubError } from 'patchbay';
import type { actions } from './actions.ts';
import type { Context } from './manifest.ts';
import { HOSTS } from './sandbox/demo.ts';
import { act, type Rig, type Seen } from './test-rig.ts';

/** A visitor as the browser's cookie names it, and an order of theirs. */
export const VISITOR = '1234567890.1700000000';
export const order = { clientId: VISITOR, transactionId: 'T-1', value: 59.9, currency: 'USD' };

/** Calls of the hosts that take events. */
export function collected(rig: Rig): Seen[] {
  return rig.seen.filter(({ req }) => req.host === HOSTS.collect || req.host === HOSTS.collectEu);
}

export function bodies(rig: Rig) {
  return collected(rig).map(({ req }) => JSON.parse(req.body));
}

/** What an action is refused with; nothing has been sent then. */
export async function refusal(rig: Rig, name: keyof typeof actions, input: object, ctx: Context = rig.ctx()): Promise<HubError> {
  const error = await act(ctx, name, input).then(
    () => undefined,
    (thrown: unknown) => hubError(thrown),
  );
  if (!error) throw new Error('this should have been refused');
  if (collected(rig).length > 0) throw new Error('something was sent all the same');
  return error;
}

/** The fields it is refused for. */
export async function pointers(rig: Rig, name: keyof typeof actions, input: object) {
  return (await refusal(rig, name, input)).fields?.map(({ pointer }) => pointer);
}
