import { createHmac } from 'node:crypto';
import type { Hub } from '../hub.ts';
import { TARGET_SECRET } from './target-plugin.ts';

const signatureOf = (body: string) => createHmac('sha256', TARGET_SECRET).update(body).digest('hex');

/** The bytes of one, as they go over the wire. */
export function signedCall(event: object, connection = 'keep-alive'): string {
  const body = JSON.stringify(event);
  const head = ['POST /webhooks/target HTTP/1.1', 'Host: hub', `Connection: ${connection}`, 'Content-Type: application/json'];
  return `${[...head, `X-Target-Signature: ${signatureOf(body)}`, `Content-Length: ${body.length}`].join('\r\n')}\r\n\r\n${body}`;
}

/** A call of the provider of `target`, as it would sign it. */
export async function deliver(hub: Hub, event: object, headers: Record<string, string> = {}): Promise<number> {
  const body = JSON.stringify(event);
  const reply = await fetch(`${hub.url}/webhooks/target`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-target-signature': signatureOf(body), ...headers },
    body,
  });
  return reply.status;
}
