import { HubError, type HubErrorOptions } from '../sdk/errors.ts';

/** The hub did not make the call: the provider asked for a pause, or has failed for everybody. Nobody's attempt was used up. */
export class HeldBack extends HubError {
  override readonly name = 'HeldBack';
  constructor(message: string, options?: HubErrorOptions) {
    super('try-later', 'CONNECTION_FAILED', message, options);
  }
}

/** Also one that passed through a plugin. */
export function isHeldBack(error: HubError): boolean {
  return error.name === 'HeldBack';
}
