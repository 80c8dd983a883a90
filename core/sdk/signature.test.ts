import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ed25519, hmac, rsaSha256, sameText } from './signature.ts';

const body = Buffer.from('{"type":"ContactCreate"}');
const ed = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const spki = ed.publicKey.export({ format: 'der', type: 'spki' });
const pem = ed.publicKey.export({ format: 'pem', type: 'spki' }).toString();
const signature = sign(null, body, ed.privateKey).toString('base64');

describe('an Ed25519 signature', () => {
  it.each([
    ['is missing', undefined],
    ['is empty', ''],
    ['is the literal N/A', 'N/A'],
    ['is short', signature.slice(0, 40)],
    ['carries characters a decoder would skip', `${signature.slice(0, 10)} ${signature.slice(10)}`],
    ['has a changed last bit that decoders ignore', `${signature.slice(0, -3)}${signature.at(-3) === 'Q' ? 'R' : 'Q'}==`],
    ['is of other bytes', sign(null, Buffer.from('other'), ed.privateKey).toString('base64')],
    ['is of another key', sign(null, body, generateKeyPairSync('ed25519').privateKey).toString('base64')],
  ])('is refused when it %s', (_, given) => {
    expect(ed25519(pem, body, given)).toBe(false);
  });

  it.each([
    ['no key', undefined],
    ['an empty key', ''],
    ['a key that is no key', 'not a key'],
    ['an RSA key', rsa.publicKey.export({ format: 'pem', type: 'spki' }).toString()],
  ])('is refused with %s', (_, key) => {
    expect(ed25519(key, body, signature)).toBe(false);
  });

  it.each([
    ['PEM', pem],
    ['PEM on one line as environments hold it', pem.replaceAll('\n', '\\n')],
    ['base64 SPKI', spki.toString('base64')],
    ['the raw key in base64', spki.subarray(12).toString('base64')],
    ['the raw key in hex', spki.subarray(12).toString('hex')],
  ])('is accepted with the key as %s', (_, key) => {
    expect(ed25519(key, body, signature)).toBe(true);
    expect(ed25519(key, Buffer.concat([body, Buffer.from(' ')]), signature)).toBe(false);
  });
});

describe('other signatures', () => {
  it('accept RSA over the same bytes only', () => {
    const key = rsa.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    const good = sign('RSA-SHA256', body, rsa.privateKey).toString('base64');
    expect(rsaSha256(key, body, good)).toBe(true);
    expect(rsaSha256(key, Buffer.from('other'), good)).toBe(false);
    expect(rsaSha256(pem, body, good)).toBe(false);
    expect(rsaSha256(key, body, undefined)).toBe(false);
  });

  it('accept an HMAC with its secret, in hex of either case and in base64', () => {
    const hex = createHmac('sha256', 's').update(body).digest('hex');
    expect(hmac('sha256', 's', body, hex.toUpperCase())).toBe(true);
    expect(hmac('sha256', 's', body, createHmac('sha256', 's').update(body).digest('base64'), 'base64')).toBe(true);
    expect(hmac('sha256', 'other', body, hex)).toBe(false);
    expect(hmac('sha256', undefined, body, hex)).toBe(false);
    expect(hmac('sha256', '', body, createHmac('sha256', '').update(body).digest('hex'))).toBe(false);
  });

  it('never find two missing texts equal', () => {
    expect(sameText(undefined, undefined)).toBe(false);
    expect(sameText('', '')).toBe(false);
    expect(sameText('secret', 'secret')).toBe(true);
  });
});
