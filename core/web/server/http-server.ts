import { createServer, type Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebhookDesk } from '../webhooks/desk.ts';
import { WebhookLine } from '../webhooks/line.ts';

export interface HttpLimits {
  /** For a whole request, its body included. */
  readonly requestMs: number;
  readonly headersMs: number;
  /** How often those two are looked after. */
  readonly everyMs: number;
}

/** A request that has not come to its end is cut within half a minute. */
export const HTTP_LIMITS: HttpLimits = { requestMs: 25_000, headersMs: 15_000, everyMs: 2000 };

/** How long connections may still bring one more request once the hub stops; each answer then says that it was the last. */
const GOODBYE_MS = 1500;
/** How long a caller may then leave an answer unread; the rest of the hub has to end in order, too. */
const UNREAD_MS = 2000;
const SWEEP_MS = 50;

/** Not listening yet; what answers is set by `on('request')`. */
export function createHttpServer({ requestMs, headersMs, everyMs }: HttpLimits = HTTP_LIMITS): Server {
  return createServer({
    requestTimeout: requestMs,
    headersTimeout: headersMs,
    connectionsCheckingInterval: everyMs,
    keepAliveTimeout: 10_000,
  });
}

interface Lines {
  readonly open: Set<WebhookLine>;
  readonly sockets: Set<Socket>;
  stopping: boolean;
}

const linesOf = new WeakMap<Server, Lines>();

/** From now on connections of `server` that bring nothing but plain webhook calls are answered without its HTTP. */
export function takeWebhooks(server: Server, desk: WebhookDesk): void {
  const usual = server.listeners('connection') as ((socket: Socket) => void)[];
  const lines: Lines = { open: new Set(), sockets: new Set(), stopping: false };
  const options = {
    desk,
    serve: (socket: Socket) => {
      for (const listener of usual) listener.call(server, socket);
    },
    idleMs: server.keepAliveTimeout,
    firstMs: server.headersTimeout,
    isLast: () => lines.stopping,
  };
  linesOf.set(server, lines);
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    lines.sockets.add(socket);
    socket.once('close', () => void lines.sockets.delete(socket));
    const line: WebhookLine = new WebhookLine(socket, { ...options, serve: (given) => release(given) });
    const forget = () => void lines.open.delete(line);
    const release = (given: Socket) => {
      given.off('close', forget);
      forget();
      options.serve(given);
    };
    lines.open.add(line);
    socket.once('close', forget);
  });
}

/**
 * Takes no new connections and ends those there are between two requests: a connection that was cut while its next request
 * was on the way would look to the caller like a crash.
 */
export async function stopServing(
  server: Server,
  { goodbyeMs = GOODBYE_MS, unreadMs = UNREAD_MS }: { goodbyeMs?: number; unreadMs?: number } = {},
): Promise<void> {
  const lines = linesOf.get(server);
  if (lines) lines.stopping = true;
  server.prependListener('request', (_, res) => void res.setHeader('connection', 'close'));
  // `close` of the HTTP server would cut idle connections at once.
  const closed = new Promise((done) => NetServer.prototype.close.call(server, done));
  await Promise.race([closed, sleep(goodbyeMs, undefined, { ref: false })]);
  // A connection that still had an answer to come is kept alive after it, and nobody else closes it.
  const unread = new Unread(unreadMs);
  const sweep = setInterval(() => {
    server.closeIdleConnections();
    for (const line of lines?.open ?? []) if (line.isIdle) line.close();
    for (const socket of lines?.sockets ?? []) if (unread.isOver(socket)) socket.destroy();
  }, SWEEP_MS);
  await closed;
  clearInterval(sweep);
  server.close();
}

/** Connections whose callers take nothing of what is written. */
class Unread {
  readonly #longestMs: number;
  readonly #since = new WeakMap<Socket, { readonly length: number; readonly at: number }>();

  constructor(longestMs: number) {
    this.#longestMs = longestMs;
  }

  isOver(socket: Socket): boolean {
    const { writableLength: length } = socket;
    const before = this.#since.get(socket);
    const stands = before !== undefined && length > 0 && length >= before.length;
    if (!stands) this.#since.set(socket, { length, at: performance.now() });
    return stands && performance.now() - before.at > this.#longestMs;
  }
}
