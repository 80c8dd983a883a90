import { describe, expect, it } from '@jest/globals';
import { failure } from 'patchbay/testing';
import { handlers, newRig } from './test-rig.ts';

describe('explaining answers', () => {
  const problem = (title: string, detail = '', more = {}) => ({ type: 't', title, detail, instance: 'i-1', ...more });
  const explain = (status: number, data: unknown) => handlers.explain({ status, headers: {}, data });

  it('never takes 401 for a token that could be renewed', () => {
    expect(explain(401, problem('API Key Invalid'))).toMatchObject({ consequence: 'reconnect-needed' });
    expect(explain(401, '')).toMatchObject({ consequence: 'reconnect-needed' });
  });

  it('takes 403 for a lack of rights, a switched-off user, or a limit of the network', () => {
    expect(explain(403, problem('Forbidden', 'You are not permitted.'))).toMatchObject({
      consequence: 'rejected',
      code: 'FORBIDDEN',
    });
    expect(explain(403, problem('User Disabled', 'This account has been deactivated.'))).toMatchObject({
      consequence: 'reconnect-needed',
    });
    for (const status of [403, 429])
      expect(explain(status, '<html>Access Denied</html>')).toMatchObject({
        consequence: 'try-later',
        code: 'RATE_LIMIT_EXCEEDED',
        afterSeconds: 60,
      });
  });

  it.each([
    ['Member Exists', 'CONFLICT', /in the audience already/],
    ['Member In Compliance State', 'CONFLICT', /Ask to subscribe again/],
    ['Forgotten Email Not Subscribed', 'CONFLICT', /deleted for good/],
  ])('names the way out of 400 %s', (title, code, message) => {
    expect(explain(400, problem(title, 'x'))).toMatchObject({
      consequence: 'rejected',
      code,
      message: expect.stringMatching(message),
    });
  });

  it('names the address that looks fake, and each field at fault', () => {
    expect(
      explain(400, problem('Invalid Resource', 'a@b.c looks fake or invalid, please enter a real email address.')),
    ).toMatchObject({
      fields: [{ pointer: '/email' }],
    });
    const errors = [{ field: 'COMPANY', message: 'This value should not be blank.' }];
    expect(explain(400, problem('Invalid Resource', 'See errors.', { errors }))).toMatchObject({
      message: 'Mailchimp refused this: COMPANY: This value should not be blank.',
      fields: [{ pointer: '/COMPANY', message: 'This value should not be blank.' }],
    });
  });

  it('keeps the instance for the log and out of the sentence', () => {
    const error = explain(400, problem('Bad Request', 'Your request could not be processed.')) as Error;
    expect(error.message).toBe('Mailchimp refused this: Your request could not be processed.');
    expect(error.cause).toMatchObject({ instance: 'i-1' });
  });

  it('leaves limits, outages and the token endpoint to the hub', () => {
    const all = [
      explain(429, problem('Too Many Requests')),
      explain(500, {}),
      explain(502, '<html>'),
      explain(400, { error: 'invalid_grant' }),
    ];
    expect(all).toEqual([undefined, undefined, undefined, undefined]);
  });

  it.each(['APIKeyInvalid', 'Forbidden', 'UserDisabled', 'ResourceNotFound', 'TooManyRequests', 'InternalServerError'])(
    'knows what the provider simulates as %s',
    async (type) => {
      const rig = newRig();
      const error = await failure(rig.ctx().http.get('/ping', { headers: { 'X-Trigger-Error': type } }));
      const wanted = {
        APIKeyInvalid: 'reconnect-needed',
        Forbidden: 'rejected',
        UserDisabled: 'reconnect-needed',
        ResourceNotFound: 'not-found',
        TooManyRequests: 'try-later',
        InternalServerError: 'try-later',
      };
      expect(error.consequence).toBe(wanted[type as keyof typeof wanted]);
    },
  );
});
