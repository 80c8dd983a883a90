import { randomUUID } from 'node:crypto';
import { Refusal as BaseRefusal } from 'patchbay/simulator';

export interface Fault {
  readonly field: string;
  readonly message: string;
}

/** An answer of the provider that says no: https://mailchimp.com/developer/marketing/docs/errors/ */
export class Refusal extends BaseRefusal {
  constructor(status: number, title: string, detail: string, errors: readonly Fault[] = []) {
    super(detail, {
      status,
      headers: { 'content-type': 'application/problem+json; charset=utf-8' },
      body: {
        type: 'https://mailchimp.com/developer/marketing/docs/errors/',
        title,
        status,
        detail,
        instance: randomUUID(),
        ...(errors.length > 0 && { errors }),
      },
    });
  }
}

export const refusals = {
  key: () =>
    new Refusal(401, 'API Key Invalid', "Your API key may be invalid, or you've attempted to access the wrong datacenter."),
  missing: () => new Refusal(404, 'Resource Not Found', 'The requested resource could not be found.'),
  method: () => new Refusal(405, 'Method Not Allowed', 'The requested method and resource are not compatible.'),
  invalid: (errors: readonly Fault[]) =>
    new Refusal(
      400,
      'Invalid Resource',
      "The resource submitted could not be validated. For field-specific details, see the 'errors' array.",
      errors,
    ),
  compliance: (email: string) =>
    new Refusal(
      400,
      'Member In Compliance State',
      `${email} is in a compliance state due to unsubscribe, bounce, or compliance review and cannot be subscribed.`,
    ),
  forgotten: (email: string) =>
    new Refusal(
      400,
      'Forgotten Email Not Subscribed',
      `${email} was permanently deleted and cannot be re-imported. The contact must re-subscribe to get back on the list.`,
    ),
  fake: (email: string) =>
    new Refusal(400, 'Invalid Resource', `${email} looks fake or invalid, please enter a real email address.`),
  busy: () => new Refusal(429, 'Too Many Requests', 'You have exceeded the limit of 10 simultaneous connections.'),
  broken: () => new Refusal(500, 'Internal Server Error', 'An unexpected internal error has occurred. Please contact Support.'),
};

/** What `X-Trigger-Error` asks for, by the names of the error glossary. */
export const TRIGGERED: Readonly<Record<string, () => Refusal>> = {
  APIKeyInvalid: refusals.key,
  APIKeyMissing: () => new Refusal(401, 'API Key Missing', 'Your request did not include an API key.'),
  BadRequest: () => new Refusal(400, 'Bad Request', 'Your request could not be processed.'),
  Forbidden: () => new Refusal(403, 'Forbidden', 'You are not permitted to access this resource.'),
  InternalServerError: refusals.broken,
  MethodNotAllowed: refusals.method,
  ResourceNotFound: refusals.missing,
  TooManyRequests: refusals.busy,
  UserDisabled: () => new Refusal(403, 'User Disabled', 'This account has been deactivated.'),
};
