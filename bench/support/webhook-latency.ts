import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { inboundCall } from '../../tests/support/inbound-plugin.ts';

export interface LatencyInput {
  readonly port: number;
  readonly sql: pg.Pool;
  readonly account: string;
  readonly times: number;
}

/** One call after another to an idle hub: ms from its 2xx to the moment its record can be read. */
export async function latencies({ port, sql, account, times }: LatencyInput): Promise<number[]> {
  const agent = new Agent({ keepAlive: true });
  const found: number[] = [];
  for (let at = 0; at < times + 20; at += 1) {
    const object = `latency-${at}`;
    await call(port, { agent, account, object });
    const accepted = performance.now();
    while (
      (await sql.query({ name: 'there', text: 'select 1 from records where external_id = $1', values: [object] })).rowCount === 0
    ) {
      if (performance.now() - accepted > 30_000) throw new Error('an event was not handled within 30 s');
      // Asking without a pause would take the core that is to handle it.
      await sleep(1);
    }
    // The first ones find everything cold.
    if (at >= 20) found.push(performance.now() - accepted);
    await sleep(20);
  }
  agent.destroy();
  return found;
}

function call(port: number, { agent, account, object }: { agent: Agent; account: string; object: string }): Promise<void> {
  const { body, headers } = inboundCall({ id: randomUUID(), account, object, version: 1 });
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path: '/webhooks/inbound', method: 'POST', headers, agent }, (reply) => {
      reply.resume();
      reply.on('end', () => (reply.statusCode === 200 ? resolve() : reject(new Error(`status ${reply.statusCode}`))));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
