import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { pinoHttp } from 'pino-http';
import { type Log, withoutData } from '../../log.ts';
import { newId } from '../../new-id.ts';

const QUIET = /^\/(healthz|readyz|metrics|assets\/)/;

/** One line per request. Queries are never written (they carry OAuth codes and setup tokens), nor keys in webhook paths. */
export function requestLog(log: Log): RequestHandler {
  return pinoHttp({
    logger: log,
    genReqId: (req, res) => {
      const id = requestId(req);
      res.setHeader('x-request-id', id);
      return id;
    },
    autoLogging: { ignore: (req) => QUIET.test(req.url ?? '') },
    customLogLevel: (_req, res) => (res.statusCode >= 500 ? 'warn' : 'info'),
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request',
    quietReqLogger: true,
    serializers: {
      req: (req: { id: unknown; method: string; raw: IncomingMessage & { originalUrl?: string } }) => ({
        id: req.id,
        method: req.method,
        path: shownPath(req.raw.originalUrl ?? req.raw.url ?? ''),
      }),
      err: withoutData,
      res: (res: { statusCode: number }) => ({ status: res.statusCode }),
    },
  }) as RequestHandler;
}

/** The caller's own, where it gave one. */
export function requestId({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : newId();
}

/** Without the query and without what in a path is as good as a password, also where a slash is written twice or a host before it. */
export function shownPath(url: string): string {
  const [path = ''] = url.split('?');
  const plain = path.replace(/^[a-z]+:\/\/[^/]*/i, '').replaceAll(/\/{2,}/g, '/');
  return plain.replace(/^(\/webhooks\/[^/]+\/c\/|\/(?:connect|invitations|reset)\/)[^/]+/i, '$1…');
}
