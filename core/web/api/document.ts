import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { NotFound } from '../../sdk/errors.ts';
import { param } from '../http/request.ts';
import { nonceOf } from '../http/security-headers.ts';
import type { Web } from '../services.ts';
import { elsewhere } from './elsewhere.ts';
import { openApi } from './openapi.ts';
import { type ApiRoute, anyone, type Call } from './route.ts';
import { tagOf } from './tags.ts';

/** What is served of the library; it brings much more. */
const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'contrast.css': 'text/css; charset=utf-8',
};
/** What the library's colours lack in contrast, and rest for who asked for it. */
const CONTRAST = `.swagger-ui .info .title small { background: #33691e; }
.swagger-ui .info .title small.version-stamp { background: #33691e; }
.swagger-ui .info a, .swagger-ui .info .link, .swagger-ui .info a:hover { color: #0d4f9e; }
.swagger-ui .btn.authorize { color: #0b5d36; border-color: #0b5d36; }
.swagger-ui .btn.authorize svg { fill: #0b5d36; }
@media (prefers-reduced-motion: reduce) { .swagger-ui * { transition: none !important; animation: none !important; } }
`;
const kept = new Map([['contrast.css', Buffer.from(CONTRAST)]]);

/** The document and the page that shows it, neither of which asks anything of another host. */
export function documentRoutes(table: () => readonly ApiRoute[]): readonly ApiRoute[] {
  const documentOf = ({ web }: Call) => keptDocument(web, table);
  const html = { schema: { type: 'string' }, type: 'text/html' };
  return [
    anyone({
      on: 'GET /api/openapi.json',
      tag,
      does: 'Read this document',
      more: 'OpenAPI 3.1, with the forms of the plugins that run now.',
      tagged: async (call) => documentOf(call).tag,
      answers: { 200: { says: 'The document.', schema: { type: 'object' } } },
      run: (call) => ({ status: 200, json: documentOf(call).json }),
    }),
    anyone({
      on: 'GET /api/docs',
      tag,
      does: 'Look at it in a browser',
      answers: { 200: { says: 'A page.', ...html } },
      run: showPage,
    }),
    anyone({
      on: 'GET /api/docs/:file',
      tag,
      does: 'Read what that page is made of',
      answers: { 200: { says: 'A style sheet or a script.', schema: { type: 'string' }, type: 'text/css' } },
      run: sendFile,
    }),
  ];
}

const tag = 'This document';

interface Kept {
  /** What of the plugins it was made of. */
  readonly of: string;
  readonly json: string;
  readonly tag: string;
}

const documents = new WeakMap<Web, Kept>();

/** Anybody may ask, and it takes 15 ms of a core or more to make: it is made anew only when the plugins are others. */
function keptDocument(web: Web, table: () => readonly ApiRoute[]): Kept {
  const { config, registry } = web;
  const of = registry
    .templates()
    .map(({ id, loaded }) => `${id} ${loaded?.generation} ${loaded?.hash}`)
    .join();
  const known = documents.get(web);
  if (known?.of === of) return known;
  const parts = { brand: config.brand.name, publicUrl: config.publicUrl, registry };
  const json = JSON.stringify(openApi([...table(), ...elsewhere], parts));
  const made = { of, json, tag: tagOf(json) };
  documents.set(web, made);
  return made;
}

function showPage({ web, res }: Call): undefined {
  const [title, nonce] = [escaped(`${web.config.brand.name} API`), nonceOf(res)];
  res.type('html').send(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<link rel="stylesheet" href="/api/docs/swagger-ui.css"><link rel="stylesheet" href="/api/docs/contrast.css"></head>
<body><div id="swagger-ui"></div>
<script src="/api/docs/swagger-ui-bundle.js" nonce="${nonce}"></script><script src="/assets/api-docs.js" nonce="${nonce}"></script></body>
</html>
`);
}

function sendFile({ req, res }: Call): undefined {
  const name = param(req, 'file');
  const type = Object.hasOwn(FILES, name) && FILES[name];
  if (!type) throw new NotFound(`There is no file "${name.slice(0, 60)}" here.`);
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const file = kept.get(name) ?? readFileSync(join(folder, name));
  kept.set(name, file);
  res.set({ 'content-type': type, 'cache-control': 'public, max-age=86400' }).send(file);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
