import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second, on every machine. */
const TICK_MICROS = 10_000;

/** What a process has used so far, all its threads, in µs; NaN where there is no `/proc`. */
export function cpuMicros(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold blanks; user and system time are the 12th and 13th field behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MICROS;
  } catch {
    return Number.NaN;
  }
}
