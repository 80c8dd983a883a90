import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { elsewhere } from '../core/web/api/elsewhere.ts';
import { apiRoutes } from '../core/web/api/routes.ts';
import { pageRoutes } from '../core/web/pages/routes.ts';
import { ApiDocument } from './support/api-document.ts';
import { type Ground, openGround } from './support/attacks/ground.ts';
import { Caller } from './support/fuzz/caller.ts';
import { oddText, oddValue } from './support/fuzz/inputs.ts';
import { type Input, Operations, type Verdict } from './support/fuzz/operations.ts';
import { call } from './support/hub.ts';

/** How long and from which seed; `npm run fuzz` takes more and another one each time. */
const { fuzzRuns = 4, fuzzSeed = 20261121 } = globalThis as { fuzzRuns?: number; fuzzSeed?: number };
const seed = fuzzSeed || randomInt(2 ** 31);
const options = { seed, numRuns: fuzzRuns, endOnFailure: fuzzRuns < 100 };

let ground: Ground;
let api: ApiDocument;
let operations: Operations;
let caller: Caller;

beforeAll(async () => {
  if (!fuzzSeed) console.info(`seed ${seed}`);
  ground = await openGround();
  const document = (await call('GET', `${ground.hub.url}/api/openapi.json`)).body;
  api = new ApiDocument(document);
  operations = new Operations(document);
  caller = await Caller.of(ground);
});
afterAll(() => ground?.close());

/** Refused for what it says, not for how it is put: an address the operator does not allow, a cursor nobody gave, a drawing. */
const MEANING = /^\/(?:query\/(?:cursor|after|draft|storeId)|returnUrl|storeId|name|basedOn|fields|docs|icon|url|guides\/\w+)$/;
/** What the document cannot say: which of the plugins' forms is meant, and what belongs together in a return. */
const OPEN = new Set<string>(apiRoutes.filter(({ on, forms }) => forms || on.endsWith('/oauth/callback')).map(({ on }) => on));

/** Probes and providers add to an address what they like. */
const ASIDE = new Set<string>(elsewhere.map(({ on }) => on));

/** Keys beside a sign-in, which needs none: whose form they are is not asked. */
function isIgnored(on: string, { query, body }: Input): boolean {
  if (ASIDE.has(on) && query.length > 0) return true;
  return OPEN.has(on) && (body as { method?: unknown } | undefined)?.method === 'oauth';
}

interface Told {
  readonly input: Input;
  readonly verdict: Verdict;
  readonly answer: Awaited<ReturnType<Caller['call']>>;
}

/** What is wrong with an answer, in a sentence; undefined where nothing is. */
function wrongWith(on: string, { input, verdict, answer }: Told): string | undefined {
  const { status, body } = answer;
  if (status < 400 && Object.keys(input.params).length > 0) return 'what the address names is not there and was found';
  if (status >= 500 && !['CONNECTION_FAILED', 'PLUGIN_UNAVAILABLE'].includes(body.code)) return 'a failure of ours';
  if (verdict === 'invalid' && status < 400) return 'what the document refuses was taken';
  const meant = (body.errors ?? []).length > 0 && body.errors.every(({ pointer }: { pointer: string }) => MEANING.test(pointer));
  if (verdict === 'valid' && status === 400 && !meant && !OPEN.has(on)) return 'what the document takes was refused';
  const [fault] = api.faults(on, answer);
  return fault && `not as the document says: ${fault}`;
}

describe('whatever is sent to a call of the API', () => {
  const calls = [...apiRoutes, ...elsewhere].map(({ on }) => on);

  it('is sent to each that the document knows', () => {
    expect(calls.toSorted()).toEqual(api.calls.toSorted());
  });

  it.each(calls)('%s', async (on) => {
    const property = fc.asyncProperty(operations.inputs(on), async (input: Input) => {
      const verdict = isIgnored(on, input) ? 'unclear' : operations.judge(on, input);
      const answer = await caller.call(on, input, verdict);
      const wrong = wrongWith(on, { input, verdict, answer });
      if (wrong)
        throw new Error(`${wrong}: ${verdict} ${JSON.stringify(input)} → ${answer.status} ${JSON.stringify(answer.body)}`);
    });
    await fc.assert(property, options);
  });
});

describe('whatever is sent to the address of a webhook', () => {
  it.each([
    '/webhooks/target',
    '/webhooks/leadconnector',
    '/webhooks/roam',
    '/webhooks/target/some.type',
    '/api/integrations/target/webhook',
  ])('%s', async (path) => {
    const body = fc.oneof(
      oddValue.map((value) => Buffer.from(JSON.stringify(value))),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    );
    const header = fc.string({ unit: 'grapheme-ascii', maxLength: 60 }).map((text) => text.replace(/[^\x20-\x7e]/g, ''));
    const sent = fc.record({
      body,
      header,
      method: fc.constantFrom('GET', 'POST', 'PUT', 'HEAD'),
      more: oddText.filter((text) => text.isWellFormed()),
    });
    const property = fc.asyncProperty(sent, async ({ body, header, method, more }) => {
      const headers = { 'content-type': 'application/json', 'x-target-signature': header, 'x-ghl-signature': header };
      const to = `${ground.hub.url}${path}?x=${encodeURIComponent(more)}`;
      const { status } = await fetch(to, { method, headers, ...(method === 'POST' || method === 'PUT' ? { body } : {}) });
      expect([400, 401, 404, 405, 413, 415, 429]).toContain(status);
    });
    await fc.assert(property, { ...options, numRuns: fuzzRuns * 4 });
  });
});

/** Those that end what all others need: each is sent by somebody new. */
const ENDING = ['POST /logout', 'POST /account/sessions/end', 'POST /people/leave'];
const wellFormed = oddText.filter((text) => text.isWellFormed());

describe('whatever is sent to a page', () => {
  it.each(pageRoutes.map(({ on }) => on))('%s', async (on) => {
    const [method = '', pattern = ''] = on.split(' ');
    const known = ENDING.includes(on) ? undefined : await caller.signedIn(pattern.startsWith('/admin'));
    const name = fc.oneof(wellFormed, ...caller.fields.map((one) => fc.constant(one)));
    const fields = fc.array(fc.tuple(name, wellFormed), { maxLength: 6 });
    const place = wellFormed.filter((text) => text !== '' && !/^\.{1,2}$/.test(text));
    const property = fc.asyncProperty(fields, fc.option(place, { freq: 3 }), async (given, odd) => {
      const { browser, token } = known ?? (await caller.guest());
      const text = new URLSearchParams(given).toString();
      const path = caller.pathOf(pattern, odd ?? undefined, method === 'POST');
      const form = () => browser.post(path).set('x-csrf-token', token).type('form').send(text);
      const answer = await (method === 'GET' ? browser.get(`${path}?${text}`) : form()).redirects(0);
      if (answer.status < 500 || /PLUGIN_UNAVAILABLE|not available|did not answer/.test(answer.text)) return;
      throw new Error(`${answer.status} for ${path} ${text}: ${answer.text.replace(/<[^>]+>|\s+/g, ' ').slice(0, 600)}`);
    });
    await fc.assert(property, { ...options, numRuns: Math.ceil(fuzzRuns / 2) });
  });
});
