import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { inboundCall } from './inbound-plugin.ts';

/** Few enough that their sender is not taken for one who guesses, however fast the hub answers. */
const FORGED_EVERY_MS = 200;

/** What a caller was told: a status, `refused` where nobody listened, `cut` where the connection broke on the way. */
export type Told = number | 'refused' | 'cut';

/** Sends one signed call. */
export function tell(port: number, { body, headers }: ReturnType<typeof inboundCall>, agent?: Agent): Promise<Told> {
  return new Promise((resolve) => {
    const sent = request({ port, host: '127.0.0.1', path: '/webhooks/inbound', method: 'POST', headers, agent }, (reply) => {
      reply.resume();
      reply.on('end', () => resolve(reply.statusCode ?? 0));
      reply.on('error', () => resolve('cut'));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED' ? 'refused' : 'cut'));
    sent.end(body);
  });
}

/** Callers outside the hub that remember every answer. */
export class OutsideChecker {
  /** Event → what its caller was told. */
  readonly told = new Map<string, Told>();
  /** Events whose signature was wrong. */
  readonly forged = new Set<string>();
  /** When calls were accepted, by `performance.now()`. */
  readonly #acceptedAt: number[] = [];
  #forgedAt = 0;
  #stopping = false;
  #running: Promise<unknown> = Promise.resolve();

  /** Calls from so many connections until {@link stop}. */
  start(port: number, callers: number): void {
    this.#stopping = false;
    this.#running = Promise.all(Array.from({ length: callers }, () => this.#call(port)));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running;
  }

  accepted(): string[] {
    return [...this.told].flatMap(([id, told]) => (isAccepted(told) ? [id] : []));
  }

  /** When the first call after this moment was accepted. Both by `performance.now()`. */
  firstAcceptedAfter(moment: number): number | undefined {
    return this.#acceptedAt.find((at) => at > moment);
  }

  /** Calls accepted a second, over the last `ms`. */
  rate(ms: number): number {
    const since = performance.now() - ms;
    return (this.#acceptedAt.length - this.#acceptedAt.findLastIndex((at) => at < since) - 1) / (ms / 1000);
  }

  async #call(port: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!this.#stopping) {
      const id = randomUUID();
      const call = inboundCall({ id, account: 'acc', object: `thing-${id}`, version: 1 });
      if (performance.now() - this.#forgedAt > FORGED_EVERY_MS) {
        this.#forgedAt = performance.now();
        this.forged.add(id);
        call.headers['x-inbound-signature'] = '0'.repeat(64);
      }
      const told = await tell(port, call, agent);
      this.told.set(id, told);
      if (isAccepted(told)) this.#acceptedAt.push(performance.now());
      if (told === 'refused') await sleep(20);
    }
    agent.destroy();
  }
}

function isAccepted(told: Told): boolean {
  return typeof told === 'number' && told >= 200 && told < 300;
}

export interface Verdict {
  /** Accepted, and neither handled nor waiting to be. */
  readonly lost: string[];
  readonly twice: string[];
  /** Handled or kept though nobody was told 2xx, or was refused. */
  readonly uncalledFor: string[];
  /** Accepted and not handled yet. */
  readonly waiting: number;
}

/** Holds what callers were told against what the database has. */
export async function judge(checker: OutsideChecker, sql: Pool): Promise<Verdict> {
  const { rows } = await sql.query<{ id: string; state: string; times: number; kept: number }>(
    `select e.event_id as id, max(e.state) as state, count(*)::int as times, coalesce(max(r.kept), 0) as kept
     from webhook_events e left join (select external_id, count(*)::int as kept from records group by external_id) r
       on r.external_id = 'thing-' || e.event_id
     group by e.event_id`,
  );
  const stored = new Map(rows.map((row) => [row.id, row]));
  const accepted = checker.accepted();
  const isEffective = (id: string) => stored.get(id)?.state === 'handled' && stored.get(id)?.kept === 1;
  return {
    lost: accepted.filter((id) => !stored.has(id) || (stored.get(id)?.state !== 'pending' && !isEffective(id))),
    twice: rows.filter(({ times, kept }) => times > 1 || kept > 1).map(({ id }) => id),
    uncalledFor: rows.filter(({ id }) => checker.forged.has(id) || !checker.told.has(id)).map(({ id }) => id),
    waiting: accepted.filter((id) => stored.get(id)?.state === 'pending').length,
  };
}
