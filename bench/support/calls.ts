import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const agent = new Agent({ keepAlive: true });

/** Status and body of one signed call of a plugin's webhook; status 0 where nobody answered. */
export function deliver(url: string, plugin: string): Promise<{ status: number; text: string }> {
  const body = JSON.stringify({ id: randomUUID() });
  const signature = createHmac('sha256', 'hot-secret').update(body).digest('hex');
  const headers = { 'x-hot-signature': signature, 'content-type': 'application/json' };
  return new Promise((resolve) => {
    const call = request(`${url}/webhooks/${plugin}`, { method: 'POST', headers, agent }, (reply) => {
      let text = '';
      reply.setEncoding('utf8');
      reply.on('data', (chunk: string) => {
        text += chunk;
      });
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, text }));
    });
    call.on('error', () => resolve({ status: 0, text: '' }));
    call.end(body);
  });
}

/** Asks until the plugin answers `text`. @throws Error after a minute */
export async function untilAnswer(url: string, plugin: string, text: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    if ((await deliver(url, plugin)).text === text) return;
    await sleep(2);
  }
  throw new Error(`${plugin} did not answer "${text}" within a minute`);
}

/** 200 calls a second of one plugin until stopped. @returns how many there were and how many were not answered with 200 */
export function traffic(url: string, plugin: string): { stop(): Promise<{ calls: number; failed: number }> } {
  const flying: Promise<void>[] = [];
  let failed = 0;
  const timer = setInterval(() => {
    flying.push(
      deliver(url, plugin).then(({ status }) => {
        if (status !== 200) failed += 1;
      }),
    );
  }, 5);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(flying);
      return { calls: flying.length, failed };
    },
  };
}
