import { describe, expect, it } from '@jest/globals';
import { Canaries } from './canaries.ts';
import { letters } from './canary-hub.ts';

const HEX = (text: string) => Buffer.from(text).toString('hex');
const BASE64 = (text: string) => Buffer.from(text).toString('base64');

describe('the search', () => {
  it.each([
    ['as it is', (text: string) => `so ${text}.`],
    ['cut short', (text: string) => text.slice(3)],
    ['in hex', HEX],
    ['in base64', BASE64],
    ['in base64 after a name', (text: string) => BASE64(`user:${text}`)],
    ['in base64 for a URL', (text: string) => Buffer.from(`?${text}`).toString('base64url')],
    ['in a URL', (text: string) => `?a=${encodeURIComponent(text)}`],
    ['in a form', (text: string) => new URLSearchParams({ text }).toString()],
    ['in JSON', (text: string) => JSON.stringify({ text })],
    ['in JSON in JSON', (text: string) => JSON.stringify({ a: JSON.stringify({ text }) })],
    ['in HTML', (text: string) => `<p>${text.replaceAll('&', '&amp;')}</p>`],
  ])('finds a secret %s', (_, form) => {
    const canaries = new Canaries();
    const secret = canaries.add('one', `q"?>&\\ ${letters()}`);
    expect(canaries.find(form(secret))).not.toEqual([]);
    expect(canaries.find(form(letters()))).toEqual([]);
  });
});
