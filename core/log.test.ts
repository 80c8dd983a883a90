import { describe, expect, it } from '@jest/globals';
import { createLog } from './log.ts';

function logged(fields: object): string {
  const lines: string[] = [];
  createLog('info', { write: (line) => void lines.push(line) }).info(fields, 'said');
  return lines.join('');
}

describe('the log', () => {
  it.each([
    ['at the top', { password: 'hunter22' }],
    ['in request headers', { req: { headers: { authorization: 'Bearer hunter22', cookie: 'sid=hunter22' } } }],
    ['in response headers', { res: { headers: { 'set-cookie': ['sid=hunter22'] } } }],
    ['in a token answer', { reply: { access_token: 'hunter22', refresh_token: 'hunter22' } }],
    ['deeper', { a: { b: { c: { clientSecret: 'hunter22' } } } }],
  ])('never shows a secret %s', (_, fields) => {
    expect(logged(fields)).not.toContain('hunter22');
  });

  it('keeps what is needed to find a fault', () => {
    const line = JSON.parse(logged({ plugin: 'acme', code: 'NOT_FOUND', state: 'failed' }));
    expect(line).toMatchObject({ plugin: 'acme', code: 'NOT_FOUND', state: 'failed', msg: 'said' });
  });
});
