import { describe, expect, it } from '@jest/globals';
import { hubError, Rejected } from '../sdk/errors.ts';
import { concealed, masking } from './conceal.ts';

const mask = masking(['swordfish', 'eu']);
const told = (error: unknown) => concealed(error, mask) as Error & Record<string, unknown>;

describe('an error somebody else threw', () => {
  it('is told without the secret in its message, stack and causes', () => {
    const error = told(new Error('no swordfish', { cause: new Error('swordfish again') }));
    expect([error.message, (error.cause as Error).message]).toEqual(['no [redacted]', '[redacted] again']);
    expect(`${error.stack}`).toMatch(/^Error: no \[redacted\]\n +at .*conceal\.test/);
  });

  it('keeps what it means, and which fields it is about', () => {
    const error = told(new Rejected('no swordfish', { code: 'CONFLICT', fields: [{ pointer: '/a', message: 'swordfish' }] }));
    expect(hubError(error)).toMatchObject({
      consequence: 'rejected',
      code: 'CONFLICT',
      name: 'Rejected',
      fields: [{ pointer: '/a', message: '[redacted]' }],
    });
  });

  it('does not carry the request along that a client left in it', () => {
    const request = { headers: { authorization: 'Bearer swordfish' } };
    const error = told(Object.assign(new Error('failed'), { request, code: 'E1', status: 401 }));
    expect(JSON.stringify(error)).not.toContain('swordfish');
    expect(error).toMatchObject({ message: 'failed', code: 'E1', status: 401 });
  });

  it('may be a text', () => {
    expect(told('no swordfish')).toBe('no [redacted]');
  });

  it('is left as it is where it says no secret, and ordinary words are', () => {
    const error = new Error('the neutral zone');
    expect(told(error)).toBe(error);
  });
});
