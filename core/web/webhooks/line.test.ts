import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../tests/support/wait.ts';
import type { Way } from '../../inbox/answer.ts';
import { createLog } from '../../log.ts';
import type { Ack, Incoming } from '../../sdk/webhook.ts';
import { createHttpServer, stopServing, takeWebhooks } from '../server/http-server.ts';
import { WebhookDesk } from './desk.ts';
import { plainCall } from './head.ts';
import { webhookRoom } from './over-http.ts';

const LIMITS = { requestMs: 60_000, headersMs: 60_000, everyMs: 1000 };
let received: { plugin: string; incoming: Incoming; key: string | undefined }[] = [];
let ack: (incoming: Incoming) => Ack | Promise<Ack> = () => ({ status: 200 });
const servers: { quick: Server; usual: Server } = { quick: createHttpServer(LIMITS), usual: createHttpServer(LIMITS) };
let sockets: Socket[] = [];

const intake = {
  receive: async (plugin: string, incoming: Incoming, { key }: Way) => {
    received.push({ plugin, incoming, key });
    return ack(incoming);
  },
};

function serve(server: Server, quick: boolean): Promise<void> {
  const limits = { login: 100, api: 100, webhooks: 1000 };
  const web = { intake: intake as never, log: createLog('silent'), config: { publicUrl: 'https://hub.example' } };
  const desk = new WebhookDesk({ web, limits, trust: () => false });
  const take = webhookRoom(desk);
  server.on('request', (req, res) => void (take(req, res) || res.writeHead(404).end('elsewhere')));
  if (quick) takeWebhooks(server, desk);
  return new Promise((done) => server.listen(0, '127.0.0.1', () => done()));
}

beforeAll(async () => {
  await Promise.all([serve(servers.quick, true), serve(servers.usual, false)]);
});
beforeEach(() => {
  received = [];
  ack = () => ({ status: 200 });
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
});
afterAll(() => Promise.all([stopServing(servers.quick, { goodbyeMs: 0 }), stopServing(servers.usual, { goodbyeMs: 0 })]));

/** A connection, and all that came back on it so far. */
function dial(server: Server): { socket: Socket; text: () => string; ended: () => boolean } {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let text = '';
  let ended = false;
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket
    .on('error', () => undefined)
    .on('close', () => {
      ended = true;
    });
  sockets.push(socket);
  return { socket, text: () => text, ended: () => ended };
}

const BODY = '{"a":1}';
const call = (lines: string[] = [], body = BODY, first = 'POST /webhooks/acme?x=%20y HTTP/1.1') =>
  [
    first,
    'Host: hub',
    'X-Request-Id: r-1',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    ...lines,
    '',
    body,
  ].join('\r\n');
const HALF = BODY.length + 30;
const answers = (text: string) => text.split(/(?=HTTP\/1\.1 \d{3})/).filter(Boolean);
const withoutDate = (text: string) => text.replaceAll(/^date: .*\r\n/gim, '').toLowerCase();

async function ask(server: Server, bytes: string, count = 1): Promise<string[]> {
  const { socket, text, ended } = dial(server);
  socket.write(bytes, 'latin1');
  await until(() => ended() || answers(text()).length >= count, { what: 'an answer' });
  socket.end();
  await until(ended, { what: 'the end of the connection' });
  return answers(text()).map(withoutDate);
}

const chunked = call(['Transfer-Encoding: chunked'])
  .replace(/Content-Length: \d+\r\n/, '')
  .replace(BODY, '3\r\n{}\n\r\n0\r\n\r\n');

describe('a plain call', () => {
  it.each<{ readonly what: string; readonly bytes: string; readonly by?: Ack }>([
    { what: 'accepted', bytes: call() },
    { what: 'answered in words', bytes: call(), by: { status: 202, body: 'thänks', headers: { 'content-type': 'text/plain' } } },
    { what: 'answered without room for words', bytes: call(), by: { status: 204 } },
    { what: 'answered in words that HTTP has not', bytes: call(), by: { status: 200, headers: { 'x-a': 'b\r\nset-cookie: c' } } },
    { what: 'of a film', bytes: call().replace('application/json', 'video/mp4') },
    { what: 'that is packed', bytes: call(['Content-Encoding: gzip']) },
    { what: 'of bad UTF-8', bytes: call([], '{"\xff":1}') },
    { what: 'too deep', bytes: call([], '['.repeat(1000)) },
    { what: 'without a body', bytes: call([], '') },
    { what: 'that is kept alive expressly', bytes: call(['Connection: Keep-Alive']) },
  ])('$what is answered as by the usual way', async ({ bytes, by = { status: 200 } }) => {
    expect(plainCall(Buffer.from(bytes, 'latin1'))).toBeDefined();
    ack = () => by;
    const quick = await ask(servers.quick, bytes);
    expect(quick).toEqual(await ask(servers.usual, bytes));
    expect(quick).toHaveLength(1);
  });

  it('says the same to the plugin as by the usual way', async () => {
    const bytes = call(['X-Sig:  \t s=1, two \t', 'X-Empty:'], BODY, 'POST /webhooks/acme/c/k%2Fey?x=%20y&z HTTP/1.1');
    await ask(servers.quick, bytes);
    await ask(servers.usual, bytes);
    const [quick, usual] = received.map(({ incoming: { receivedAt, ...rest }, ...whose }) => ({ ...rest, ...whose }));
    expect(quick).toEqual(usual);
    expect(quick).toMatchObject({ key: 'k/ey', query: { x: ' y', z: '' }, headers: { 'x-sig': 's=1, two', 'x-empty': '' } });
  });
});

describe('what is no plain call', () => {
  it.each<[string, string]>([
    ['another path', call([], BODY, 'POST /api/integrations/acme/webhook HTTP/1.1')],
    ['a page', 'GET /somewhere HTTP/1.1\r\nhost: hub\r\n\r\n'],
    ['HTTP/1.0', call([], BODY, 'POST /webhooks/acme HTTP/1.0')],
    ['an address in full', call([], BODY, 'POST http://hub/webhooks/acme HTTP/1.1')],
    ['a length and chunks', call(['Transfer-Encoding: chunked'])],
    ['chunks', chunked],
    ['chunks by another name', chunked.replace('Encoding: chunked', 'Encoding : chunked')],
    ['two lengths', call(['Content-Length: 0'])],
    ['a length of several', call().replace(/Length: \d+/, 'Length: 7, 7')],
    ['a length with a sign', call().replace('Length: ', 'Length: +')],
    ['a length in hex', call().replace(/Length: \d+/, 'Length: 0x7')],
    ['a length that begins with a nought', call().replace('Length: ', 'Length: 0')],
    ['a header folded', call(['X-A: b', ' c'])],
    ['a header without a colon', call(['X-A b'])],
    ['a header without a name', call([': b'])],
    ['a vertical tab at the end of a value', call(['X-A: b\v'])],
    ['a line that ends alone', call().replace('Host: hub\r\n', 'Host: hub\n')],
    ['a return alone in a value', call(['X-A: b\rX-B: c'])],
    ['a NUL in a value', call(['X-A: b\0c'])],
    ['a letter above ASCII in a value', call(['X-A: \xe9'])],
    ['no host', call().replace('Host: hub\r\n', '')],
    ['two hosts', call(['Host: other'])],
    ['two of a header', call(['X-A: b', 'x-a: c'])],
    ['an end of the connection', call(['Connection: close'])],
    ['another protocol', call(['Connection: upgrade', 'Upgrade: websocket'])],
    ['more than its length', `${call()}GET /more HTTP/1.1\r\nhost: hub\r\n\r\n`],
    ['blank lines before it', `\r\n\r\n${call()}`],
    ['nonsense', 'nonsense\r\n\r\n'],
  ])('is answered as if there were no other way: %s', async (_, bytes) => {
    expect(plainCall(Buffer.from(bytes, 'latin1'))).toBeUndefined();
    const usual = await ask(servers.usual, bytes);
    received = [];
    expect(await ask(servers.quick, bytes)).toEqual(usual);
  });

  it('is handed on from its first byte, with all that comes after it, however it is cut', async () => {
    for (const at of [1, 10, HALF, call().length - 1]) {
      const { socket, text } = dial(servers.quick);
      const whole = call();
      socket.write(whole + whole.slice(0, at));
      await until(() => answers(text()).length === 1, { what: 'the first answer' });
      socket.write(whole.slice(at) + whole);
      await until(() => answers(text()).length === 3, { what: 'all answers' });
    }
    expect(received).toHaveLength(12);
    expect(received.every(({ incoming }) => Buffer.from(incoming.raw).toString() === BODY)).toBe(true);
  });

  it('may come after plain calls, and plain calls after it', async () => {
    const { socket, text } = dial(servers.quick);
    const turns = [call(), call(), 'GET /somewhere HTTP/1.1\r\nhost: hub\r\n\r\n', call()];
    for (const [at, turn] of turns.entries()) {
      socket.write(turn);
      await until(() => answers(text()).length === at + 1, { what: 'the next answer' });
    }
    expect(answers(text()).map((answer) => Number(answer.slice(9, 12)))).toEqual([200, 200, 404, 200]);
  });
});

describe('a connection', () => {
  it('is answered in the order of its calls, what comes meanwhile next', async () => {
    let go: () => void = () => undefined;
    const first = new Promise<void>((done) => {
      go = done;
    });
    ack = async ({ headers }) => {
      if (headers['x-at'] === '0') await first;
      return { status: 200, body: `at ${headers['x-at']}` };
    };
    const { socket, text } = dial(servers.quick);
    socket.write(call(['X-At: 0']));
    await until(() => received.length === 1, { what: 'the first call' });
    socket.write(call(['X-At: 1']));
    socket.write(call(['X-At: 2']));
    go();
    await until(() => answers(text()).length === 3, { what: 'all answers' });
    expect(answers(text()).map((answer) => answer.slice(-4))).toEqual(['at 0', 'at 1', 'at 2']);
  });

  it('that the caller has closed behind its call still brings the answer', async () => {
    const { socket, text, ended } = dial(servers.quick);
    socket.end(call());
    await until(ended, { what: 'the end of the connection' });
    expect(text()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  it('that says nothing, or nothing more, is closed', async () => {
    const short = createHttpServer({ ...LIMITS, headersMs: 100 });
    short.keepAliveTimeout = 100;
    await serve(short, true);
    const [silent, spoken] = [dial(short), dial(short)];
    spoken.socket.write(call());
    await until(() => silent.ended() && spoken.ended(), { what: 'both to be closed' });
    expect([silent.text().slice(9, 12), spoken.text().slice(9, 12)]).toEqual(['408', '200']);
    await stopServing(short, { goodbyeMs: 0 });
  });

  it.each([
    ['ahead of HTTP', [], false],
    ['ahead of HTTP, while the hub stops', [], true],
    ['by the usual way, while the hub stops', ['TE: trailers'], true],
  ])('whose caller takes no answers is closed in the end: %s', async (_, lines, stops) => {
    ack = () => ({ status: 200, body: 'x'.repeat(30_000_000) });
    const server = createHttpServer(LIMITS);
    server.keepAliveTimeout = stops ? 60_000 : 100;
    await serve(server, true);
    const { socket } = dial(server);
    socket.pause();
    socket.write(call(lines));
    await until(() => received.length === 1, { what: 'the call' });
    const stopped = stops && stopServing(server, { goodbyeMs: 0, unreadMs: 100 });
    const open = () => new Promise<number>((told) => server.getConnections((_error, count) => told(count)));
    await until(async () => (await open()) === 0, { what: 'the connection to be closed' });
    await (stopped || stopServing(server, { goodbyeMs: 0 }));
  });

  it('is told that an answer was the last when the hub stops, and is closed between two calls', async () => {
    const stopping = createHttpServer(LIMITS);
    await serve(stopping, true);
    const [busy, idle] = [dial(stopping), dial(stopping)];
    for (const { socket, text } of [busy, idle]) {
      socket.write(call());
      await until(() => answers(text()).length === 1, { what: 'an answer' });
    }
    const stopped = stopServing(stopping, { goodbyeMs: 0 });
    busy.socket.write(call());
    await stopped;
    await until(() => busy.ended() && idle.ended(), { what: 'both to be closed' });
    expect(answers(idle.text())).toHaveLength(1);
  });
});
