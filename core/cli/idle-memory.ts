import type { Server } from 'node:net';
import { performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

const LOOK_MS = 8000;
/** Nothing is answered meanwhile, 0.1 to 0.8 s on a busy machine of two cores: rare, however often work comes and goes. */
const APART_MS = 10 * 60_000;
/** Of the time since the last look in which anything ran. */
const IDLE_SHARE = 0.1;
/** In bytes: what a start leaves is more, what an idle hub uses up in a minute is less. */
const WORTH = 32 * 1024 * 1024;

export interface Idleness {
  /** 0 to 1. */
  readonly busy: number;
  /** Bytes that V8 holds and nothing uses. */
  readonly unused: number;
  /** Connections that are open: with none, nobody waits for the pause to end. */
  readonly open: number;
}

/** Pure. */
export function isWorthGivingBack({ busy, unused, open }: Idleness): boolean {
  return open === 0 && busy < IDLE_SHARE && unused > WORTH;
}

/**
 * Hands back to the machine what a start, or a time of much work, has left unused, once hardly anything goes on and nobody is
 * connected. While somebody is, V8 does it by itself, half a minute later and in smaller steps. Nothing happens in a process
 * that was started without `--expose-gc`.
 */
export function giveBackWhenIdle(server: Pick<Server, 'getConnections'>, gc = globalThis.gc): void {
  if (!gc) return;
  let before = performance.eventLoopUtilization();
  let last = Number.NEGATIVE_INFINITY;
  const look = () => {
    const { utilization: busy } = performance.eventLoopUtilization(performance.eventLoopUtilization(), before);
    before = performance.eventLoopUtilization();
    if (performance.now() - last <= APART_MS) return;
    server.getConnections((_, open) => {
      const { total_physical_size: held, used_heap_size: used } = getHeapStatistics();
      if (!isWorthGivingBack({ busy, unused: held - used, open })) return;
      // The usual collection keeps the pages it has emptied.
      gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
      last = performance.now();
    });
  };
  setInterval(look, LOOK_MS).unref();
}
