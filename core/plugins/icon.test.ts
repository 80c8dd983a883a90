import { describe, expect, it } from '@jest/globals';
import { iconFaults } from './icon.ts';

const wrap = (inner: string, attributes = '') => `<svg xmlns="http://www.w3.org/2000/svg"${attributes}>${inner}</svg>`;

describe('an icon', () => {
  it.each([
    ['plain shapes', wrap('<title>A box &amp; more</title><path d="M0 0h8v8z" fill="#123"/>')],
    ['a declaration and comments', `<?xml version="1.0"?>\n<!-- drawn by hand -->\n${wrap('<g><circle r="2"/></g>')}\n`],
    [
      'gradients used inside',
      wrap(`<defs><linearGradient id='a'><stop offset="0"/></linearGradient></defs><rect fill="url(#a)"/>`),
    ],
    ['a symbol used inside', wrap('<symbol id="s"><rect/></symbol><use href="#s"/>')],
  ])('may hold %s', (_, svg) => {
    expect(iconFaults(svg)).toEqual([]);
  });

  it.each([
    ['nothing', '', /holds no <svg>/],
    ['no SVG', 'PNG', /text outside <svg>/],
    ['a script', wrap('<script>alert(1)</script>'), /holds <script>/],
    ['a script in other letters', wrap('<SCRIPT>alert(1)</SCRIPT>'), /holds <SCRIPT>/],
    ['a foreign object', wrap('<foreignObject/>'), /holds <foreignObject>/],
    ['an image', wrap('<image href="#x"/>'), /holds <image>/],
    ['an animation', wrap('<animate attributeName="href"/>'), /holds <animate>/],
    ['a style sheet', wrap('<style>@import "x"</style>'), /holds <style>/],
    ['a link', wrap('<a href="#x"/>'), /holds <a>/],
    ['an event handler', wrap('<rect onclick="alert(1)"/>'), /event handler onclick/],
    ['an event handler on the outermost element', wrap('', ' ONLOAD="alert(1)"'), /event handler ONLOAD/],
    ['a reference elsewhere', wrap('<use href="https://evil.example/x.svg#a"/>'), /points elsewhere/],
    ['an old reference elsewhere', wrap('<use xlink:href="//evil.example/x"/>'), /points elsewhere/],
    ['a script address', wrap('<rect fill="javascript:alert(1)"/>'), /cannot be read plainly/],
    ['a loaded paint', wrap('<rect fill="url(https://evil.example/x)"/>'), /loads something from fill/],
    ['a loaded style', wrap(`<rect style="fill:url('//evil.example/x')"/>`), /loads something from style/],
    ['a hidden address', wrap('<rect fill="ur&#108;(https://evil.example)"/>'), /cannot be read plainly/],
    ['a document type', `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${wrap('')}`, /not plain SVG/],
    ['character data', wrap('<![CDATA[<script/>]]>'), /not plain SVG/],
    ['an unquoted attribute', wrap('<rect fill=red/>'), /not plain SVG/],
    ['an open element', '<svg><g></svg>', /closes <svg>, which is not open/],
    ['an open end', '<svg><g>', /does not close <g>/],
    ['two pictures', `${wrap('')}${wrap('')}`, /must be one <svg>/],
    ['another document', '<html/>', /must be one <svg>/],
  ])('may not hold %s', (_, svg, reason) => {
    expect(iconFaults(svg)[0]?.message).toMatch(reason);
  });

  it('is small, and says the line at fault', () => {
    expect(iconFaults(wrap(`<!--${'x'.repeat(20 * 1024)}-->`))[0]?.message).toMatch(/keep it under 20480/);
    expect(iconFaults(wrap('\n<rect/>\n<script/>\n'))[0]?.file).toBe('icon.svg:3');
  });
});
