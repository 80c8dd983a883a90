import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Reply } from './answer.ts';
import { refuseByHead } from './body.ts';
import type { WebhookDesk } from './desk.ts';
import { type PlainCall, plainCall } from './head.ts';

export interface LineOptions {
  readonly desk: WebhookDesk;
  /** Takes a connection over from its next byte on. */
  readonly serve: (socket: Socket) => void;
  /** Between two calls. */
  readonly idleMs: number;
  /** Until the first byte. */
  readonly firstMs: number;
  /** Whether this answer is to be the last of its connection. */
  readonly isLast: () => boolean;
}

/**
 * A connection for as long as it brings one plain call of a webhook after another, each in one piece: such a call costs a
 * third of what it costs through Node's HTTP. Anything else goes there, with all that comes after it.
 */
export class WebhookLine {
  readonly #socket: Socket;
  readonly #options: LineOptions;
  #state: 'new' | 'idle' | 'busy' | 'full' = 'new';
  /** What came while a call was being answered. */
  #next: Buffer | undefined;
  #ended = false;

  constructor(socket: Socket, options: LineOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.setTimeout(options.firstMs);
    socket.on('data', this.#data).on('end', this.#end).on('error', this.#error).on('timeout', this.#late);
  }

  get isIdle(): boolean {
    return this.#state === 'new' || this.#state === 'idle';
  }

  /** Of one that is between two calls. */
  close(): void {
    this.#socket.destroy();
  }

  readonly #data = (bytes: Buffer): void => {
    if (!this.isIdle) {
      // Until there is room: one piece waits, the rest stays with the sender.
      this.#next = this.#next ? Buffer.concat([this.#next, bytes]) : bytes;
      this.#socket.pause();
      return;
    }
    const call = plainCall(bytes);
    if (!call || !this.#options.desk.serves(call.url)) {
      this.#handOver(bytes);
      return;
    }
    if (this.#state === 'new') this.#socket.setTimeout(this.#options.idleMs);
    this.#state = 'busy';
    void this.#answer(call, bytes.length);
  };

  readonly #end = (): void => {
    this.#ended = true;
    if (this.isIdle) this.#socket.end();
  };

  /** All there is to hear of it is that the connection is gone. */
  readonly #error = (): void => undefined;

  readonly #late = (): void => {
    if (this.#state === 'busy') return;
    if (this.#state !== 'new') this.#socket.destroy();
    else this.#socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n', () => this.#socket.destroy());
  };

  async #answer({ url, headers, body }: PlainCall, came: number): Promise<void> {
    const read = () => {
      refuseByHead(headers);
      // What is kept of a call must not keep much more than its body.
      return came > 2 * body.length ? Buffer.from(body) : body;
    };
    const reply = await this.#options.desk.answer({ method: 'POST', url, headers, socket: this.#socket, body: read });
    if (this.#socket.destroyed || !reply) return;
    const last = this.#options.isLast() || (this.#ended && !this.#next);
    const flows = this.#write(reply, last);
    // Who does not read the answers is given as long as one who sends nothing.
    this.#state = 'full';
    if (last) this.#socket.end();
    else if (flows) this.#goOn();
    else this.#socket.once('drain', () => this.#goOn());
  }

  /** @returns false where the caller does not read its answers */
  #write({ status, head, body }: Reply, last: boolean): boolean {
    const { idleMs } = this.#options;
    let text = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'unknown'}\r\n`;
    for (let at = 0; at < head.length; at += 2) text += `${head[at]}: ${head[at + 1]}\r\n`;
    text += `Date: ${date()}\r\n`;
    text += last
      ? 'Connection: close\r\n\r\n'
      : `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(idleMs / 1000)}\r\n\r\n`;
    if (body.length === 0 || status === 204 || status === 304) return this.#socket.write(text, 'latin1');
    return this.#socket.write(Buffer.concat([Buffer.from(text, 'latin1'), body]));
  }

  #goOn(): void {
    this.#state = 'idle';
    const next = this.#next;
    this.#next = undefined;
    if (next) this.#data(next);
    if (this.#state === 'idle' && this.#ended) this.#socket.end();
    else if (next) this.#socket.resume();
  }

  #handOver(bytes: Buffer): void {
    const socket = this.#socket;
    socket.off('data', this.#data).off('end', this.#end).off('error', this.#error).off('timeout', this.#late);
    socket.setTimeout(0);
    socket.pause();
    socket.unshift(bytes);
    this.#options.serve(socket);
    socket.resume();
  }
}

let [said, until] = ['', 0];

/** As the header wants it; it changes once a second. */
function date(): string {
  const now = Date.now();
  if (now >= until) [said, until] = [new Date(now).toUTCString(), now - (now % 1000) + 1000];
  return said;
}
