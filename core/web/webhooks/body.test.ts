import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../tests/support/wait.ts';
import { hubError } from '../../sdk/index.ts';
import { createHttpServer } from '../server/http-server.ts';
import { checkJson, readBody, TooBusy } from './body.ts';

let server: Server;
let port: number;
let read: { bytes: number | undefined }[] = [];

beforeAll(async () => {
  server = createHttpServer({ requestMs: 400, headersMs: 300, everyMs: 50 });
  server.on('request', async (req, res) => {
    try {
      const raw = await readBody(req);
      read.push({ bytes: raw?.length });
      if (raw) res.end(String(raw.length));
    } catch (error) {
      res.writeHead((error as { status?: number }).status ?? 500).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((done) => createServer().close(() => server.close(done))));

/** Writes to a connection and leaves it open. @returns what came back until the other side closed it, or it fell silent */
function say(...parts: string[]): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
    socket.on('error', () => undefined);
    for (const part of parts) socket.write(part);
  });
}

const HEAD = 'POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n';
const status = (answer: string) => Number(answer.slice(9, 12));

describe('a body that is refused', () => {
  it('for what its headers say, before it is read', async () => {
    const zipped = gzipSync(Buffer.alloc(10_000_000));
    expect(
      status(await say(`${HEAD}content-encoding: gzip\r\ncontent-length: ${zipped.length}\r\n\r\n`, zipped.toString('latin1'))),
    ).toBe(415);
    expect(status(await say(`${HEAD}content-type: video/mp4\r\ncontent-length: 1\r\n\r\nx`))).toBe(415);
    expect(status(await say(`${HEAD}content-length: 900000000\r\n\r\nx`))).toBe(413);
  });

  it('once it is longer than it may be, without having said so', async () => {
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    expect(
      status(await say(`${HEAD}transfer-encoding: chunked\r\n\r\n`, ...Array.from({ length: 20 }, () => chunk), '0\r\n\r\n')),
    ).toBe(413);
  });

  it('when it does not come to its end, or its headers do not', async () => {
    read = [];
    const since = Date.now();
    expect(status(await say(`${HEAD}content-length: 10\r\n\r\nhalf`))).toBe(408);
    expect(status(await say('POST / HTTP/1.1\r\nhost: x\r\nx-slow: '))).toBe(408);
    expect(Date.now() - since).toBeLessThan(5000);
    await until(() => read.length === 1, { what: 'the end of the half call' });
    expect(read).toEqual([{ bytes: undefined }]);
  });

  it.each([
    ['bad UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
    ['deep JSON', Buffer.from(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
    ['wide JSON', Buffer.from(`[${'1,'.repeat(200_000)}1]`)],
  ])('for %s', (_, raw) => {
    let refused: unknown;
    try {
      checkJson(raw, 'application/json');
    } catch (error) {
      refused = error;
    }
    expect(hubError(refused)?.code).toBe('VALIDATION_FAILED');
  });
});

describe('JSON that is not called so', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

  it.each([
    ['behind blanks', ` \r\n\t${deep}`],
    ['behind the mark of UTF-8', `\ufeff${deep}`],
  ])('is looked at %s', (_, body) => {
    for (const type of ['text/plain', undefined]) {
      expect(() => checkJson(Buffer.from(body), type)).toThrow('nested too deeply');
    }
  });
});

describe('bodies that come slowly', () => {
  let begun = 0;
  let pieces = 0;
  const answers: number[] = [];
  let patient: Server;
  let sockets: Socket[] = [];

  beforeAll(async () => {
    patient = createHttpServer({ requestMs: 60_000, headersMs: 60_000, everyMs: 1000 });
    patient.on('request', async (req, res) => {
      begun += 1;
      req.on('data', () => {
        pieces += 1;
      });
      const given = await readBody(req).then(
        (raw) => raw && 200,
        (error: unknown) => (error instanceof TooBusy ? 503 : 500),
      );
      if (given) answers.push(given);
      res.end();
    });
    await new Promise<void>((done) => patient.listen(0, '127.0.0.1', done));
  });
  beforeEach(() => {
    [begun, pieces, sockets] = [0, 0, []];
    answers.length = 0;
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    const connections = () => new Promise<number>((told) => patient.getConnections((_, count) => told(count)));
    await until(async () => (await connections()) === 0, { what: 'the connections to end' });
  });
  afterAll(() => new Promise((done) => patient.close(done)));

  function begin(headers: string): Socket {
    const socket = connect((patient.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined).resume();
    socket.write(`POST / HTTP/1.1\r\nhost: x\r\n${headers}\r\n\r\n`);
    sockets.push(socket);
    return socket;
  }

  it('are refused while they come once there is no more memory for them, which is given back', async () => {
    for (let count = 0; count < 150; count += 1) begin('content-length: 1000000');
    await until(() => begun >= 150, { what: 'all calls to have begun' });
    const most = Buffer.alloc(990_000, 'x');
    for (const socket of sockets) socket.write(most);
    await until(() => answers.length >= 16, { what: 'calls to be refused' });
    expect(new Set(answers)).toEqual(new Set([503]));
    for (const socket of sockets) socket.destroy();
    await until(
      () => {
        begin('content-length: 1').write('x');
        return answers.includes(200);
      },
      { what: 'the next call to be read' },
    );
  });

  it('take no memory for what is only announced', async () => {
    for (let count = 0; count < 150; count += 1) begin('content-length: 1000000').write('x');
    await until(() => pieces >= 150, { what: 'all calls to have begun' });
    begin('content-length: 1').write('x');
    await until(() => answers.length > 0, { what: 'the next call to be read' });
    expect(new Set(answers)).toEqual(new Set([200]));
  });

  it('take no more memory than their bytes, however small the pieces', async () => {
    setFlagsFromString('--expose-gc');
    const gc: () => void = runInNewContext('gc');
    const used = () => {
      gc();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const before = used();
    begin('transfer-encoding: chunked').write('1\r\nx\r\n'.repeat(200_000));
    await until(() => pieces >= 200_000, { what: 'all pieces to come' });
    expect(used() - before).toBeLessThan(15_000_000);
  });
});

describe('a body that is read', () => {
  it.each([
    ['brackets and commas in texts', JSON.stringify({ text: `${'[{,'.repeat(200_000)}\\"` }), 'application/json'],
    ['an escaped quote at the end of a text', '{"a":"\\\\","b":"[[\\""}', 'application/json'],
    ['a form', 'a=%5B%5B', 'application/x-www-form-urlencoded'],
    ['nothing', '', undefined],
  ])('with %s', (_, text, type) => {
    expect(() => checkJson(Buffer.from(text), type)).not.toThrow();
  });

  it('in whatever pieces it comes', async () => {
    const answer = await say(
      `${HEAD}transfer-encoding: chunked\r\ncontent-type: application/json; charset=utf-8\r\n\r\n`,
      '2\r\nab\r\n',
      '1\r\nc\r\n0\r\n\r\n',
    );
    expect([status(answer), answer.endsWith('3')]).toEqual([200, true]);
  });
});
