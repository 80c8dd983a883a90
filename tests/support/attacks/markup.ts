import { expect } from '@jest/globals';
import { pageRoutes } from '../../../core/web/pages/routes.ts';
import { type Browser, signIn } from '../people.ts';
import { ADMIN, type Attack, type Ground } from './ground.ts';

const known = ({ victim }: Ground): Readonly<Record<string, string>> => ({
  ...{ plugin: 'target', id: victim.integration, stream: 'contacts', action: 'addContact', token: 'none' },
});

/** Whatever in a page would run or look as somebody wrote it there, and has not come with the answer itself. */
function inlineIn(html: string, nonce: string): string[] {
  const tags = html.match(/<[a-z][^>]*>/gi) ?? [];
  return tags.filter(
    (tag) =>
      (/^<script/i.test(tag) && !(tag.includes(' src="/') && tag.includes(` nonce="${nonce}"`))) ||
      /^<(?:style|base|object|embed|iframe)\b/i.test(tag) ||
      /\s(?:style|on\w+|srcdoc)\s*=/i.test(tag.replace(/"[^"]*"/g, '""')) ||
      /\s(?:href|src|action|formaction)="\s*(?:javascript|data|vbscript):/i.test(tag),
  );
}

async function looksInto(browser: Browser, path: string): Promise<void> {
  const { headers, text, type } = await browser.get(path).set('accept', 'text/html').redirects(0);
  if (type !== 'text/html') return;
  const policy = String(headers['content-security-policy']);
  const nonce = /script-src 'nonce-([\w-]{22})';/.exec(policy)?.[1];
  expect([path, nonce]).toEqual([path, expect.any(String)]);
  expect(policy).not.toMatch(/unsafe-|script-src[^;]* (?:'self'|https?:|\*)/);
  expect([path, inlineIn(text, nonce ?? '')]).toEqual([path, []]);
}

export const markup: readonly Attack[] = [
  ...['a stranger', 'an owner', 'the operator'].map(
    (who): Attack => [
      `a script or a style of somebody else in a page for ${who}`,
      async (ground) => {
        const browsers: Record<string, () => Promise<Browser> | Browser> = {
          'a stranger': () => ground.stranger.browser,
          'an owner': () => ground.victim.browser,
          'the operator': () => signIn(ground.hub, ADMIN),
        };
        const browser = await browsers[who]?.();
        const paths = pageRoutes.filter(({ on }) => on.startsWith('GET ')).map(({ on }) => on.slice(4));
        const names = known(ground);
        for (const path of [...paths, '/nothing', '/api/docs']) {
          await looksInto(
            browser as Browser,
            path.replace(/:(\w+)/g, (_, name: string) => names[name] ?? 'none'),
          );
        }
      },
    ],
  ),
  [
    'a script that learned the nonce of a page before',
    async ({ victim: { browser } }) => {
      const nonces = new Set<string>();
      for (let at = 0; at < 3; at += 1)
        nonces.add(/'nonce-([\w-]+)'/.exec(String((await browser.get('/stores')).headers['content-security-policy']))?.[1] ?? '');
      expect([nonces.size, nonces.has('')]).toEqual([3, false]);
    },
  ],
];
