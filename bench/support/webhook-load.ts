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
  /** In ms. */
  readonly p50: number;
  readonly p99: number;
  /** Answered with 2xx. */
  readonly calls: number;
  /** What one call cost this process. */
  readonly cpuMicros: number;
}

const load = JSON.parse(process.argv[2] ?? '{}') as Load;
/** Signed before the clock runs; who is faster than this signs the rest meanwhile. */
const PREPARED_PER_SECOND = 12_000;
const ANSWER_BYTES = 4096;
const latencies: number[] = [];
let failed = 0;
let sent = 0;

function call(at: number): Buffer {
  const account = load.accounts[at % load.accounts.length] ?? '';
  const facts = { id: randomUUID(), account, object: `thing-${at % 5000}`, version: at };
  const { body, headers } = inboundCall({ ...facts, pad: 'x'.repeat(Math.max(0, load.bytes - 150)) });
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST ${load.path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.join('')}content-length: ${body.length}\r\n\r\n`;
  return Buffer.from(head + body);
}

const prepared = Array.from({ length: Math.ceil((load.rate ?? PREPARED_PER_SECOND) * load.seconds) }, (_, at) => call(at));

/** One connection, which has one call under way at a time. */
class Line {
  readonly #until: number;
  readonly #every: number;
  readonly #socket: Socket;
  readonly ended: Promise<void>;
  #due = performance.now();
  #answer = Buffer.alloc(0);

  constructor(until: number) {
    this.#until = until;
    // In step: a late answer does not put off the next call's due time.
    this.#every = load.rate ? (1000 * load.connections) / load.rate : 0;
    const onread = { buffer: Buffer.alloc(ANSWER_BYTES), callback: (bytes: number, from: Uint8Array) => this.#read(bytes, from) };
    this.#socket = connect({ port: load.port, host: '127.0.0.1', noDelay: true, onread });
    this.#socket.on('error', () => undefined);
    this.#socket.once('connect', () => this.#begin());
    this.ended = new Promise((done) => this.#socket.once('close', () => done()));
  }

  /** The connections stand before their first calls: what is measured is a call. */
  #begin(): void {
    if (!this.#every) this.#due = performance.now();
    this.#send();
  }

  #next(): void {
    this.#due = this.#every ? this.#due + this.#every : performance.now();
    // Who is behind his due times does not make up for them afterwards.
    if (Math.max(this.#due, performance.now()) >= this.#until) {
      this.#socket.destroy();
      return;
    }
    const wait = this.#due - performance.now();
    if (wait > 0) setTimeout(() => this.#send(), wait);
    else this.#send();
  }

  #send(): void {
    this.#socket.write(prepared[sent] ?? call(sent));
    sent += 1;
  }

  #read(bytes: number, from: Uint8Array): boolean {
    const chunk = Buffer.from(from.buffer, from.byteOffset, bytes);
    const answer = this.#answer.length === 0 ? chunk : Buffer.concat([this.#answer, chunk]);
    if (!isWhole(answer)) {
      this.#answer = Buffer.from(answer);
      return true;
    }
    this.#answer = Buffer.alloc(0);
    // The first digit of the status, after `HTTP/1.1 `.
    if (answer[9] === 0x32) latencies.push(performance.now() - this.#due);
    else failed += 1;
    this.#next();
    return true;
  }
}

function isWhole(answer: Buffer): boolean {
  const end = answer.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const length = /content-length: (\d+)/i.exec(answer.toString('latin1', 0, end))?.[1] ?? 0;
  return answer.length >= end + 4 + Number(length);
}

const before = process.cpuUsage();
const began = performance.now();
const until = began + load.seconds * 1000;
await Promise.all(Array.from({ length: load.connections }, () => new Line(until).ended));
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(before);
latencies.sort((a, b) => a - b);
const at = (share: number) => latencies[Math.floor(share * (latencies.length - 1))] ?? Number.NaN;
const calls = latencies.length;
const result: LoadResult = {
  rate: calls / seconds,
  failed,
  p50: at(0.5),
  p99: at(0.99),
  calls,
  cpuMicros: (user + system) / calls,
};
console.log(JSON.stringify(result));
