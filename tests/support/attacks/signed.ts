import { createHmac } from 'node:crypto';
import type { Hub } from '../hub.ts';
import { TARGET_SECRET } from './target-plugin.ts';

/** A call of the provider of `target`, as it would sign it. */
export async function deliver(hub: Hub, event: object, headers: Record<string, string> = {}): Promise<number> {
  const body = JSON.stringify(event);
  const signature = createHmac('sha256', TARGET_SECRET).update(body).digest('hex');
  const reply = await fetch(`${hub.url}/webhooks/target`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-target-signature': signature, ...headers },
    body,
  });
  return reply.status;
}
