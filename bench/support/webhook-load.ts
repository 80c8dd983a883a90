import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { inboundCall } from '../../tests/support/inbound-plugin.ts';

/** What the process that runs this file is told by its first argument. */
export interface Load {
  readonly port: number;
  readonly path: string;
  readonly connections: number;
  readonly seconds: number;
  /** The calls are about these in turn. */
  readonly accounts: readonly string[];
  /** Calls a second in all; without it each connection sends its next call once it has the answer. */
  readonly rate?: number;
  /** Of a body. */
  readonly bytes: number;
}

/** What it says on standard output when it ends. */
export interface LoadResult {
  /** Answered with 2xx, a second. */
  readonly rate: number;
  readonly failed: number;
  readonly p50: number;
  readonly p99: number;
}

const load = JSON.parse(process.argv[2] ?? '{}') as Load;
const latencies: number[] = [];
let failed = 0;
let sent = 0;

function nextCall(): string {
  const account = load.accounts[sent % load.accounts.length] ?? '';
  sent += 1;
  const facts = { id: randomUUID(), account, object: `thing-${sent % 5000}`, version: sent };
  const { body, headers } = inboundCall({ ...facts, pad: 'x'.repeat(Math.max(0, load.bytes - 150)) });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${load.path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.join('')}content-length: ${body.length}\r\n\r\n${body}`;
}

/** One call on a connection; the answer's status. */
function exchange(socket: Socket): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    const onData = (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\r\n\r\n');
      if (end === -1) return;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (text.length < end + 4 + length) return;
      socket.off('data', onData);
      socket.off('close', onClose);
      resolve(Number(text.slice(9, 12)));
    };
    const onClose = () => reject(new Error('closed'));
    socket.on('data', onData);
    socket.once('close', onClose);
    socket.write(nextCall());
  });
}

async function open(): Promise<Socket> {
  const socket = connect(load.port, '127.0.0.1');
  socket.setEncoding('latin1');
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  await new Promise((done, lost) => socket.once('connect', done).once('close', lost));
  return socket;
}

async function run(until: number): Promise<void> {
  const socket = await open();
  // In step: connection n of a rate begins its turn when it is due, and a late answer does not put off the next call's due time.
  const every = load.rate ? (1000 * load.connections) / load.rate : 0;
  for (let due = performance.now(); due < until; due = every ? due + every : performance.now()) {
    const wait = due - performance.now();
    if (wait > 0) await new Promise((done) => setTimeout(done, wait));
    const status = await exchange(socket).catch(() => 0);
    if (status >= 200 && status < 300) latencies.push(performance.now() - due);
    else failed += 1;
    if (status === 0) break;
  }
  socket.destroy();
}

const began = performance.now();
const until = began + load.seconds * 1000;
await Promise.all(Array.from({ length: load.connections }, () => run(until)));
const seconds = (performance.now() - began) / 1000;
latencies.sort((a, b) => a - b);
const at = (share: number) => latencies[Math.floor(share * (latencies.length - 1))] ?? Number.NaN;
console.log(JSON.stringify({ rate: latencies.length / seconds, failed, p50: at(0.5), p99: at(0.99) } satisfies LoadResult));
