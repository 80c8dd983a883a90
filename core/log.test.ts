import { describe, expect, it } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
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

  it('shows of a failed query neither its values nor the row', () => {
    const cause = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (email)=(hunter22) exists.' });
    const err = new QueryFailedError('insert into users values ($1)', ['hunter22'], cause);
    const line = logged({ err });
    expect(line).not.toContain('hunter22');
    expect(JSON.parse(line).err).toMatchObject({ message: 'duplicate key', code: '23505', query: err.query });
  });

  it('keeps what is needed to find a fault', () => {
    const line = JSON.parse(logged({ plugin: 'acme', code: 'NOT_FOUND', state: 'failed' }));
    expect(line).toMatchObject({ plugin: 'acme', code: 'NOT_FOUND', state: 'failed', msg: 'said' });
  });
});
