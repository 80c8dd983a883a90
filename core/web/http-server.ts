import { createServer, type Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

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

/** Not listening yet; what answers is set by `on('request')`. */
export function createHttpServer({ requestMs, headersMs, everyMs }: HttpLimits = HTTP_LIMITS): Server {
  return createServer({
    requestTimeout: requestMs,
    headersTimeout: headersMs,
    connectionsCheckingInterval: everyMs,
    keepAliveTimeout: 10_000,
  });
}

/**
 * Takes no new connections and ends those there are between two requests: a connection that was cut while its next request
 * was on the way would look to the caller like a crash.
 */
export async function stopServing(server: Server, goodbyeMs = GOODBYE_MS): Promise<void> {
  server.prependListener('request', (_, res) => void res.setHeader('connection', 'close'));
  // `close` of the HTTP server would cut idle connections at once.
  const closed = new Promise((done) => NetServer.prototype.close.call(server, done));
  await Promise.race([closed, sleep(goodbyeMs, undefined, { ref: false })]);
  // A connection that still had an answer to come is kept alive after it, and nobody else closes it.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await closed;
  clearInterval(sweep);
  server.close();
}
