import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type InboundCall, inboundCall } from './inbound-plugin.ts';

/** Few enough that their sender is not taken for one who guesses, however fast the hub answers. */
const FORGED_EVERY_MS = 200;
/** Whose changes come many at once, whose both alone and among others, and whose alone. */
const [FLOODED, MIXED, QUIET] = ['flooded', 'mixed', 'quiet'];
export const ACCOUNTS: readonly string[] = [FLOODED, MIXED, QUIET];
/** A hub spools what comes so many at once, however fast it is. */
export const MANY = 20;
/** Calls of a flood, of {@link MANY} changes each. */
const FLOOD = 30;
/** Senders whose changes are about one object each. */
const STEPPING = 2;
/** What comes soon behind what was spooled is spooled, too; it shall not always be soon. */
const LONGEST_STEP_MS = 500;

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

interface Line {
  readonly port: number;
  readonly agent: Agent;
}

/** Callers outside the hub that remember every answer. */
export class OutsideChecker {
  /** Event → what its caller was told. */
  readonly told = new Map<string, Told>();
  /** Events whose signature was wrong. */
  readonly forged = new Set<string>();
  /** Object → events about it, each sent once the one before was answered: its versions 1, 2, 3. */
  readonly steps = new Map<string, string[]>();
  /** When calls of one event were accepted, by `performance.now()`. */
  readonly #acceptedAt: number[] = [];
  /** Of floods: one that follows another finds its connections open. */
  readonly #agent = new Agent({ keepAlive: true, maxSockets: FLOOD });
  #forgedAt = 0;
  #stopping = false;
  #running: Promise<unknown>[] = [];

  /** Calls from so many connections, and from some that change one object each, until {@link stop}. */
  start(port: number, callers: number): void {
    this.#stopping = false;
    this.#running = [
      ...Array.from({ length: callers }, () => this.#calls(port)),
      ...Array.from({ length: STEPPING }, () => this.#changes(port)),
    ];
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#running);
    this.#agent.destroy();
  }

  /** More at once than is sorted in at once; resolves once all was answered. */
  async flood(port: number): Promise<void> {
    const agent = this.#agent;
    const changes = () => Array.from({ length: MANY }, () => change(FLOODED));
    const sent = Promise.all(Array.from({ length: FLOOD }, () => this.#send({ port, agent }, changes())));
    this.#running.push(sent);
    await sent;
  }

  accepted(): string[] {
    return [...this.told].flatMap(([id, told]) => (isAccepted(told) ? [id] : []));
  }

  /** When the first call after this moment was accepted. Both by `performance.now()`. */
  firstAcceptedAfter(moment: number): number | undefined {
    return this.#acceptedAt.find((at) => at > moment);
  }

  /** Calls of one event accepted a second, over the last `ms`. */
  rate(ms: number): number {
    const since = performance.now() - ms;
    return (this.#acceptedAt.length - this.#acceptedAt.findLastIndex((at) => at < since) - 1) / (ms / 1000);
  }

  /** Each about an object of its own. */
  async #calls(port: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!this.#stopping) {
      const isForged = performance.now() - this.#forgedAt > FORGED_EVERY_MS;
      if (isForged) this.#forgedAt = performance.now();
      const told = await this.#send({ port, agent }, [change(QUIET)], isForged);
      if (isAccepted(told)) this.#acceptedAt.push(performance.now());
      if (told === 'refused') await sleep(20);
    }
    agent.destroy();
  }

  /** All about one object, alone and among others in turn. */
  async #changes(port: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const object = `steps-${randomUUID()}`;
    const sent: string[] = [];
    this.steps.set(object, sent);
    while (!this.#stopping) {
      const next = change(MIXED, { object, version: sent.length + 1 });
      const others = Array.from({ length: sent.length % 3 === 1 ? MANY : 0 }, () => change(MIXED));
      sent.push(next.id);
      await this.#send({ port, agent }, [...others, next]);
      if (others.length === 0) await sleep(Math.random() * LONGEST_STEP_MS);
    }
    agent.destroy();
  }

  async #send({ port, agent }: Line, changes: readonly InboundCall[], isForged = false): Promise<Told> {
    const [first] = changes;
    const call = inboundCall(first && changes.length === 1 ? first : changes);
    if (isForged) {
      for (const { id } of changes) this.forged.add(id);
      call.headers['x-inbound-signature'] = '0'.repeat(64);
    }
    const told = await tell(port, call, agent);
    for (const { id } of changes) this.told.set(id, told);
    return told;
  }
}

function change(account: string, more: Partial<InboundCall> = {}): InboundCall {
  const id = randomUUID();
  return { id, account, object: `thing-${id}`, version: 1, ...more };
}

export function isAccepted(told: Told | undefined): boolean {
  return typeof told === 'number' && told >= 200 && told < 300;
}
