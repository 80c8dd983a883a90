import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from './body.ts';
import type { WebhookDesk, WireCall } from './desk.ts';

const NO_BODY = Buffer.alloc(0);

/**
 * Takes the calls of providers ahead of everything else. Signatures are checked over exactly these bytes, so nothing may
 * parse them.
 * @returns what says whether a request is such a call, and answers it if so
 */
export function webhookRoom(desk: WebhookDesk): (req: IncomingMessage, res: ServerResponse) => boolean {
  return (req, res) => {
    const { url = '' } = req;
    if (!desk.serves(url)) return false;
    void answer(desk, req, res);
    return true;
  };
}

/** Never rejects. */
async function answer(desk: WebhookDesk, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { method = 'GET', url = '', headers, socket } = req;
  const body: WireCall['body'] = () => (method === 'POST' ? readBody(req) : NO_BODY);
  const reply = await desk.answer({ method, url, headers, socket, body });
  if (!reply) {
    res.writeHead(408).destroy();
    return;
  }
  if (res.headersSent || res.destroyed) {
    res.destroy();
    return;
  }
  try {
    // As a list, which Node writes as it is.
    res.writeHead(reply.status, [...reply.head]);
    res.end(reply.body.length > 0 ? reply.body : undefined);
  } catch {
    res.destroy();
  }
}
