import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { inboundCall } from '../../tests/support/inbound-plugin.ts';

export interface LatencyInput {
  readonly port: number;
  readonly sql: Pick<pg.Client, 'query'>;
  readonly account: string;
  /** At most. */
  readonly times: number;
  /** Ends it before. */
  readonly signal?: AbortSignal;
}

/** The first ones find everything cold. */
const COLD = 20;

/** By its key: a search through all the bench has stored takes longer than what is measured. */
const SEEN = `select extract(epoch from clock_timestamp())::float8 * 1000 as at from records r
  where (store_id, integration_id) = ($1, $2) and stream = 'things' and external_id = $3`;
/** Asking without a pause would take the core that is to handle it. */
const PAUSE_MS = 1;

/**
 * One call after another: ms from its 2xx to the moment its record can be read. That is by the database's
 * clock, which is this machine's, so that of the asking only its pauses are in it.
 */
export async function latencies({ port, sql, account, times, signal }: LatencyInput): Promise<number[]> {
  const agent = new Agent({ keepAlive: true });
  const { rows } = await sql.query('select store_id, id from integrations where account_external_id = $1', [account]);
  const whose: string[] = [rows[0].store_id, rows[0].id];
  const clock = databaseClock();
  const found: number[] = [];
  const run = randomUUID();
  for (let at = 0; at < times + COLD && !signal?.aborted; at += 1) {
    const object = `latency-${run}-${at}`;
    await call(port, { agent, account, object });
    const accepted = clock();
    const readable = await seen(sql, [...whose, object]);
    if (at >= COLD) found.push(readable - accepted);
    await sleep(20);
  }
  agent.destroy();
  return found;
}

/** @throws Error after half a minute */
async function seen(sql: LatencyInput['sql'], values: readonly string[]): Promise<number> {
  const began = performance.now();
  for (;;) {
    const { rows } = await sql.query<{ at: number }>({ name: 'seen', text: SEEN, values: [...values] });
    if (rows[0]) return rows[0].at;
    if (performance.now() - began > 30_000) throw new Error('an event was not handled within 30 s');
    await sleep(PAUSE_MS);
  }
}

/** ms since 1970, finer than `Date.now` and in step with it now, as a process' own clock is not for long. */
function databaseClock(): () => number {
  const before = Date.now();
  let now = before;
  while (now === before) now = Date.now();
  const began = performance.now();
  return () => now + performance.now() - began;
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
