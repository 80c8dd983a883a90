import { describe, expect, it } from '@jest/globals';
import { Views } from './views.ts';

const views = new Views({ brand: { name: 'Acme <Hub>', logoUrl: undefined, color: '#ffee00' } });
const shell = { csrf: 'token-1', title: 'Log in' };

describe('views', () => {
  it('escapes whatever a page is given', () => {
    const html = views.page('login', { email: '"><script>alert(1)</script>', next: '/x', error: '<b>no</b>' }, shell);
    expect(html).not.toContain('<script>alert');
    expect(html).not.toContain('<b>no');
    expect(html).toContain('Acme &lt;Hub&gt;');
  });

  it('puts the token into every form', () => {
    const html = views.page(
      'stores',
      { next: '/', stores: [{ slug: 'a', name: 'A', role: 'owner', current: true }] },
      {
        ...shell,
        user: { email: 'a@b.c', operator: false },
        store: { slug: 'a', name: 'A' },
        stores: [{ slug: 'a', name: 'A' }],
      },
    );
    expect(html.match(/<form/g)).toHaveLength(4);
    expect(html.match(/name="_csrf" value="token-1"/g)).toHaveLength(4);
  });

  it('writes no script, style or handler into a page', () => {
    for (const html of [
      views.page('login', { email: '', next: '/', error: undefined }, shell),
      views.page('setup', { token: 't', email: '', storeName: '', errors: { email: 'Wrong.' } }, { ...shell, sandbox: true }),
      views.page('error', { heading: 'No', message: 'No.', id: '1', back: { href: '/', text: 'Back' } }, shell),
    ]) {
      expect(html).not.toMatch(/<style|style=|\son[a-z]+=|<script(?![^>]*src=)/);
    }
  });

  it('names an asset by its bytes and adds the colour of the brand to the stylesheet', () => {
    const css = views.asset('app.css');
    expect(css?.body.toString()).toContain('--accent:#');
    expect(views.page('login', { email: '', next: '/', error: undefined }, shell)).toContain(`/assets/app.css?v=${css?.hash}`);
    expect(views.asset('../layouts/main.hbs')).toBeUndefined();
  });
});
