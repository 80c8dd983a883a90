import { type HubError, hubError } from '../../core/sdk/index.ts';

/** What `work` was refused with. @throws Error where it was not */
export async function refusal(work: Promise<unknown>): Promise<HubError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => hubError(reason),
  );
  if (!error) throw new Error('it was not refused');
  return error;
}
