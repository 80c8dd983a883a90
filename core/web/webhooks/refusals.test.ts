import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { until } from '../../../tests/support/wait.ts';
import { type WebRoom, webRoom } from '../../../tests/support/web.ts';
import { type Answer, retryLater } from '../../inbox/answer.ts';
import { NotFound, Rejected } from '../../sdk/errors.ts';
import { createHttpServer, HTTP_LIMITS } from '../server/http-server.ts';

/** In every part of a call that a caller fills in. */
const VALUE = 'ada-lovelace';

let web: WebRoom;
let answer: () => Answer = () => ({ status: 200 });

beforeAll(async () => {
  const intake = { receive: async () => answer(), putOff: () => retryLater(503, 'full') };
  web = await webRoom({ services: { intake } as never, limits: { webhooks: 100 } });
});
afterAll(() => web.close());

interface Refused {
  readonly what: string;
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: 'post' | 'put';
  readonly by?: () => Answer;
  readonly status: number;
  /** In the log. */
  readonly code: string;
}

/** Bytes are sent as bytes. */
const asItIs = (body: unknown) => body as string;
const thrown = (error: Error) => () => {
  throw error;
};
const REFUSED: readonly Refused[] = [
  {
    what: 'a bomb of gzip',
    body: gzipSync(Buffer.alloc(50_000_000, VALUE)),
    headers: { 'content-encoding': 'gzip' },
    status: 415,
    code: 'VALIDATION_FAILED',
  },
  { what: 'a film', headers: { 'content-type': 'video/mp4' }, status: 415, code: 'VALIDATION_FAILED' },
  { what: 'too much', body: VALUE.repeat(100_000), status: 413, code: 'VALIDATION_FAILED' },
  { what: 'deep JSON', body: `${'['.repeat(50_000)}"${VALUE}"`, status: 400, code: 'VALIDATION_FAILED' },
  { what: 'wide JSON', body: `["${VALUE}"${',1'.repeat(200_000)}]`, status: 400, code: 'VALIDATION_FAILED' },
  {
    what: 'bad UTF-8',
    body: Buffer.concat([Buffer.from(`{"${VALUE}`), Buffer.from([0xff, 0xfe])]),
    status: 400,
    code: 'VALIDATION_FAILED',
  },
  { what: 'another method', method: 'put', status: 405, code: 'VALIDATION_FAILED' },
  { what: 'nobody', by: thrown(new NotFound('Nobody.')), status: 404, code: 'NOT_FOUND' },
  {
    what: 'a forgery',
    by: thrown(new Rejected('Forged.', { code: 'WEBHOOK_SIGNATURE_INVALID' })),
    status: 401,
    code: 'WEBHOOK_SIGNATURE_INVALID',
  },
  { what: 'too many of one integration', by: () => retryLater(429, 'too-many'), status: 429, code: 'too-many' },
  { what: 'more than can wait', by: () => retryLater(503, 'full'), status: 503, code: 'full' },
  { what: 'a database that is away', by: () => retryLater(503, 'not-stored'), status: 503, code: 'not-stored' },
];

describe('a call that is refused is one line of the log, without a value', () => {
  it.each(REFUSED)('for $what', async ({ body = `{"a":"${VALUE}"}`, headers = {}, method = 'post', by, status, code }) => {
    answer = by ?? (() => ({ status: 200 }));
    const before = web.logged().length;
    const call = request(web.app)[method](`/webhooks/acme/c/${VALUE}?token=${VALUE}`);
    const told = await call
      .set({ 'content-type': 'application/json', 'x-sig': VALUE, ...headers })
      .serialize(asItIs)
      .send(body as string);
    expect(told.status).toBe(status);
    const lines = await until(() => web.logged().slice(before).length > 0 && web.logged().slice(before), { what: 'a line' });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      req: { id: expect.any(String), method: method.toUpperCase(), path: '/webhooks/acme/c/…' },
      res: { status },
      refused: code,
      msg: 'request',
    });
    expect(JSON.stringify(lines)).not.toContain(VALUE);
  });

  it('for one that does not come to its end, which takes half a minute at the longest', async () => {
    expect(HTTP_LIMITS.requestMs + HTTP_LIMITS.everyMs).toBeLessThanOrEqual(30_000);
    const server = createHttpServer({ requestMs: 300, headersMs: 300, everyMs: 50 });
    server.on('request', web.app as never);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const before = web.logged().length;
    const socket = connect((server.address() as { port: number }).port, '127.0.0.1');
    socket.on('error', () => undefined).write(`POST /webhooks/acme HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n${VALUE}`);
    const lines = await until(() => web.logged().slice(before).length > 0 && web.logged().slice(before), { what: 'a line' });
    expect(lines).toMatchObject([{ req: { path: '/webhooks/acme' }, res: { status: 408 }, refused: 'unfinished' }]);
    expect(JSON.stringify(lines)).not.toContain(VALUE);
    socket.destroy();
    await new Promise((done) => server.close(done));
  });
});
