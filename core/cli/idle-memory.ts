import { performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

const LOOK_MS = 8000;
/** The pause is a few tenths of a second: rare, however often work comes and goes. */
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
}

/** Pure. */
export function isWorthGivingBack({ busy, unused }: Idleness): boolean {
  return busy < IDLE_SHARE && unused > WORTH;
}

/**
 * Hands back to the machine what a start, or a time of much work, has left unused, once hardly anything goes on: by itself V8
 * keeps it for what may come. Nothing happens in a process that was started without `--expose-gc`.
 */
export function giveBackWhenIdle(gc = globalThis.gc): void {
  if (!gc) return;
  let before = performance.eventLoopUtilization();
  let last = Number.NEGATIVE_INFINITY;
  const look = () => {
    const now = performance.eventLoopUtilization();
    const { utilization: busy } = performance.eventLoopUtilization(now, before);
    const { total_physical_size: held, used_heap_size: used } = getHeapStatistics();
    if (performance.now() - last > APART_MS && isWorthGivingBack({ busy, unused: held - used })) {
      // The usual collection keeps the pages it has emptied.
      gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
      last = performance.now();
    }
    before = performance.eventLoopUtilization();
  };
  setInterval(look, LOOK_MS).unref();
}
