import { describe, expect, it } from '@jest/globals';
import { guideHtml } from '../guide.ts';
import { brandCss } from '../http/brand-css.ts';
import { list, number, plural, relative, words } from './format.ts';

const now = new Date('2026-11-21T12:00:00Z');
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe('words', () => {
  it.each([
    [-3, 'just now'],
    [-44, 'just now'],
    [-50, '1 minute ago'],
    [-180, '3 minutes ago'],
    [-3599, '1 hour ago'],
    [-86_400 * 2, '2 days ago'],
    [-86_400 * 45, '7 Oct 2026'],
    [30, 'in a moment'],
    [2400, 'in 40 minutes'],
  ])('%d seconds from now is %s', (seconds, text) => {
    expect(relative(after(seconds), now)).toBe(text);
  });

  it('count and list', () => {
    expect([number(3412), plural(1, 'contact'), plural(0, 'contact'), plural(2, 'entry', 'entries')]).toEqual([
      '3,412',
      '1 contact',
      '0 contacts',
      '2 entries',
    ]);
    expect([list([]), list(['a']), list(['a', 'b', 'c'])]).toEqual(['', 'a', 'a, b and c']);
  });

  it('are made of names, and leave words as they are', () => {
    expect(['clientId', 'ad_groups', 'Blue Fitness: contacts'].map(words)).toEqual([
      'Client id',
      'Ad groups',
      'Blue Fitness: contacts',
    ]);
  });
});

describe('a guide', () => {
  it('shows markup instead of running it, and opens links apart', () => {
    const html = guideHtml('<script>alert(1)</script> [docs](https://a.example) [no](javascript:alert(1))', {});
    expect(html).not.toContain('<script>');
    expect(html).not.toContain('href="javascript:');
    expect(html).toContain('<a href="https://a.example" rel="noopener noreferrer" target="_blank">docs</a>');
  });

  it('fills in its variables, escaped, in texts and in links', () => {
    const vars = { brand: '<b>Hub & Co</b>', redirectUri: 'https://hub.example/back' };
    const html = guideHtml('Use `{{redirectUri}}` of {{ brand }}. [Go]({{redirectUri}}) {{unknown}}', vars);
    expect(html).toContain('<code>https://hub.example/back</code>');
    expect(html).toContain('&lt;b&gt;Hub &amp; Co&lt;/b&gt;');
    expect(html).toContain('href="https://hub.example/back"');
    expect(html).toContain('{{unknown}}');
  });
});

describe('the colour of the brand', () => {
  it.each(['#ffee00', '#ffffff', '#000000', '#1f6feb', '#808080'])('%s stays readable on light and dark', (color) => {
    const [light = '', dark = ''] = brandCss(color).split('@media');
    const read = (css: string, name: string) => new RegExp(`--${name}:(#[0-9a-f]{6})`).exec(css)?.[1] ?? '';
    for (const [css, ground] of [
      [light, '#ffffff'],
      [dark, '#1b2129'],
    ] as const) {
      expect(contrast(read(css, 'accent'), ground)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(read(css, 'accent'), read(css, 'on-accent'))).toBeGreaterThanOrEqual(4.5);
      expect(contrast(read(css, 'accent-strong'), read(css, 'on-accent'))).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('is left alone where none is set', () => {
    expect(brandCss(undefined)).toBe('');
  });
});

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(color: string): number {
  const channel = (at: number) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
