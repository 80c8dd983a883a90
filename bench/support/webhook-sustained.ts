import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { waitingEvents } from '../../tests/support/waiting-events.ts';
import type { HubProcess } from './bench-hub.ts';
import type { Figure } from './figures.ts';
import { put, type Target } from './webhook-targets.ts';

export interface SustainedInput {
  /** A hub that takes in and does nothing else. */
  readonly target: Target;
  /** Starts one that sorts and handles. */
  readonly worker: () => Promise<HubProcess>;
  readonly end: (worker: HubProcess) => Promise<void>;
  readonly sql: pg.Pool;
  readonly accounts: readonly string[];
  readonly seconds: number;
}

const CONNECTIONS = 64;
const LOOK_MS = 100;
const LONGEST_MS = 300_000;
const EMPTY = 'truncate webhook_queue, webhook_events, webhook_dedupe, webhook_spool';

/**
 * Intake as fast as it goes, long enough for what is accepted to be much: where nobody sorts it in, and where a worker does
 * that and handles it; and how long after the last call all was sorted in and handled.
 * @throws Error when a call was not accepted
 */
export async function sustained({ target, worker, end, sql, accounts, seconds }: SustainedInput): Promise<Figure[]> {
  const load = { connections: CONNECTIONS, seconds, accounts };
  await sql.query(EMPTY);
  const alone = await put(target, load);
  await sql.query(EMPTY);
  const beside = await worker();
  // By then it has started, and its code is compiled.
  await put(target, { ...load, seconds: 1 });
  await untilNone(() => waitingEvents(sql));
  const { rate, calls, failed } = await put(target, load);
  const began = performance.now();
  const left = await waitingEvents(sql);
  const spooled = async () => Number((await sql.query('select count(*) from webhook_spool')).rows[0].count);
  const [sorted, handled] = await Promise.all([untilNone(spooled), untilNone(() => waitingEvents(sql))]);
  await end(beside);
  if (failed + alone.failed > 0) throw new Error(`${failed + alone.failed} calls were not accepted`);
  return [
    { what: `${CONNECTIONS} connections for ${seconds} s, nobody sorts: accepted a second`, values: [alone.rate], unit: 'n' },
    { what: '  a worker sorts and handles beside it: accepted a second', values: [rate], unit: 'n' },
    { what: '  against none', values: [rate / alone.rate], unit: 'ratio' },
    { what: '  handled meanwhile, of all accepted', values: [1 - left / calls], unit: 'ratio' },
    { what: '  all sorted in, after the last call', values: [sorted - began], unit: 'ms' },
    { what: '  all handled, after the last call', values: [handled - began], unit: 'ms' },
  ];
}

/** @returns when nothing was left, by `performance.now()` @throws Error after five minutes */
async function untilNone(count: () => Promise<number>): Promise<number> {
  const began = performance.now();
  while ((await count()) > 0) {
    if (performance.now() - began > LONGEST_MS) throw new Error('what was accepted was not handled within five minutes');
    await sleep(LOOK_MS);
  }
  return performance.now();
}
