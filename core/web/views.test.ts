import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { transform } from 'esbuild';
import { packageFolder } from './package-folder.ts';
import { Views } from './views.ts';

const views = new Views({ brand: { name: 'Acme <Hub>', logoUrl: undefined, color: '#ffee00' } });
const VIEWS = packageFolder('views');
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

  it('marks where one is in the navigation, whatever was sought there', () => {
    const model = { heading: 'No', message: 'No.', id: undefined, back: { href: '/', text: 'Back' } };
    const person = { user: { email: 'a@b.c', operator: true }, store: { slug: 'a', name: 'A' } };
    const marked = (path: string) =>
      [...views.page('error', model, { ...shell, ...person, path }).matchAll(/<a href="([^"]+)" aria-current="true">/g)].map(
        ([, href]) => href,
      );
    expect(marked('/people')).toEqual([]);
    expect(marked('/administration')).toEqual([]);
    expect(marked('/admin/users')).toEqual(['/admin']);
    expect(marked('/integrations?q=crm')).toEqual(['/integrations']);
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

  it('knows every stylesheet of its folder by the one name, without what is for its writers', () => {
    const css = String(views.asset('app.css')?.body);
    for (const file of readdirSync(join(VIEWS, 'assets')).filter((name) => name.endsWith('.css'))) {
      const [, selector = ''] = /^(\.[a-z-]+)[ ,{]/m.exec(readFileSync(join(VIEWS, 'assets', file), 'utf8')) ?? [];
      expect([file, selector !== '' && css.includes(selector)]).toEqual([file, true]);
      if (file !== 'app.css') expect(views.asset(file)).toBeUndefined();
    }
    expect(css).not.toMatch(/\/\*|\n\s/);
  });

  it('leaves the comments and the space before lines out of scripts, which stay the same programs', async () => {
    for (const file of readdirSync(join(VIEWS, 'assets')).filter((name) => name.endsWith('.js'))) {
      const written = readFileSync(join(VIEWS, 'assets', file), 'utf8');
      const minify = async (script: string) => (await transform(script, { minify: true })).code;
      expect(await minify(String(views.asset(file)?.body))).toBe(await minify(written));
      expect(String(views.asset(file)?.body)).not.toMatch(/^(\s|\/\/)/m);
    }
  });
});

describe('what a page makes a browser load', () => {
  const templates = ['pages', 'partials'].flatMap((folder) =>
    readdirSync(join(VIEWS, folder)).map((file): [string, string] => [file, readFileSync(join(VIEWS, folder, file), 'utf8')]),
  );
  const layout = readFileSync(join(VIEWS, 'layouts', 'main.hbs'), 'utf8');
  const assetsOf = (source: string) => [...source.matchAll(/asset '([\w.-]+)'/g)].map(([, name = '']) => name);
  const partials = templates.filter(([file]) => readdirSync(join(VIEWS, 'partials')).includes(file));

  it.each(templates)('%s: one stylesheet, which the frame brings, and no more than 60 KB with all scripts', (_file, source) => {
    expect(source).not.toMatch(/<link|<style/);
    const named = new Set([layout, source, ...partials.map(([, text]) => text)].flatMap(assetsOf));
    const loaded = [...named].filter((name) => /\.(css|js)$/.test(name));
    expect(loaded.filter((name) => name.endsWith('.css'))).toEqual(['app.css']);
    // As they are, before a proxy presses them.
    expect(loaded.reduce((sum, name) => sum + (views.asset(name)?.body.length ?? Number.NaN), 0)).toBeLessThanOrEqual(60_000);
  });

  it('no script waits before the page is shown', () => {
    const scripts = [layout, ...templates.map(([, source]) => source)].flatMap((source) => source.match(/<script[^>]*>/g) ?? []);
    expect(scripts.filter((tag) => !tag.includes('type="module"'))).toEqual([]);
  });
});
