import { describe, expect, it } from '@jest/globals';
import { redact, secretParts, sensitiveValues } from './redact.ts';
import { providerMessage } from './wording.ts';

describe('redact', () => {
  it.each([
    ['Authorization was Bearer abc.def-123', 'Authorization was Bearer [redacted]'],
    ['key sk_live_51Habcdefghij and pit-0f1e2d3c-aaaa', 'key [redacted] and [redacted]'],
    ['jwt eyJhbGciOiJI.eyJzdWIiOiIx.c2ln is old', 'jwt [redacted] is old'],
    ['jwt id-eyJhbGciOiJI.eyJzdWIiOiIx.c2ln is old', 'jwt id-[redacted] is old'],
    ['refresh_token=1//0gabc123defg failed', 'refresh_token=[redacted] failed'],
    ['"client_secret": "hunter2hunter2"', '"client_secret": "[redacted]"'],
    ['hash 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b', 'hash [redacted]'],
  ])('hides what looks like a secret in %p', (text, expected) => {
    expect(redact(text, [])).toBe(expected);
  });

  it.each([
    'Invalid token: expired',
    'The contact ocQHyuzHvysMo5N5VsXc has no email',
    'Trace 01a1fc3b-64da-7212-81be-76408fadda09',
    'version 2021-07-28 is not supported',
    'basic plan allows 3 lists',
  ])('leaves what a person needs: %p', (text) => {
    expect(redact(text, [])).toBe(text);
  });

  it.each(['eyJ-', 'eyJ.', 'token=', 'my-token:', 'api_key="', 'secret', 'sk-a', 'pk_', 'Bearer ', 'a-', 'a_', '1a-'])(
    'takes no longer for what repeats %p without end than for any other text of its length',
    (part) => {
      // With a pattern that looks at it all from each place this takes minutes.
      for (const end of ['', '.', ' ', '.x'])
        expect(redact(part.repeat(100_000 / part.length) + end, []).length).toBeGreaterThan(0);
    },
  );

  it('hides known secrets in every form a provider may repeat', () => {
    const basic = `Basic ${Buffer.from('shop:pa/ss word').toString('base64')}`;
    const parts = secretParts([basic, 'abc']);
    expect(redact(`shop, pa/ss word, pa%2Fss%20word, ${basic}, abc`, parts)).toBe(
      '[redacted], [redacted], [redacted], [redacted], abc',
    );
  });

  it('knows secrets by the names of their headers and fields', () => {
    const values = sensitiveValues(Object.entries({ 'X-Api-Key': '1', Version: '2', client_secret: '3', code: '4', page: '5' }));
    expect(values).toEqual(['1', '3', '4']);
  });
});

describe('providerMessage', () => {
  it.each([
    [{ statusCode: 422, message: ['a', 'b'], error: 'Unprocessable Entity' }, 'a; b; Unprocessable Entity'],
    [{ error: { message: 'Expired', type: 'OAuthException', code: 190 } }, 'Expired'],
    [{ errors: [{ detail: 'one' }, { message: 'two' }, 'three'] }, 'one; two; three'],
    [
      { title: 'Bad', detail: 'The list is full', errors: [{ field: 'email', message: 'taken' }] },
      'The list is full; taken; Bad',
    ],
    [{ ok: false }, ''],
    [null, ''],
    [42, ''],
    ['plain words', 'plain words'],
    ['<html><body>nginx</body></html>', ''],
    [{ message: 'line\r\n\u0000two\u202e' }, 'line two'],
  ])('finds the sentence in %j', (data, expected) => {
    expect(providerMessage(data, [])).toBe(expected);
  });

  it('cuts after hiding, and never inside a character', () => {
    const message = `${'😀'.repeat(195)} Bearer ${'x'.repeat(50)}`;
    const said = providerMessage({ message }, []);
    expect(said).not.toContain('xx');
    expect([...said]).toHaveLength(200);
    expect(said.isWellFormed()).toBe(true);
  });

  it('survives answers that refer to depths', () => {
    let deep: Record<string, unknown> = { message: 'bottom' };
    for (let level = 0; level < 50; level += 1) deep = { error: deep };
    expect(providerMessage(deep, [])).toBe('');
  });
});
