import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePort } from './bench-hub.ts';
import type { Baseline } from './webhook-baseline.ts';
import type { Load, LoadResult } from './webhook-load.ts';

/** What calls are sent to. */
export interface Target {
  readonly port: number;
  readonly pid: number;
  close(): Promise<void>;
}

/** A baseline in a process of its own: `bare` stores nothing, `insert` one row a call. */
export async function targetOf(kind: 'bare' | 'insert', databaseUrl?: string): Promise<Target> {
  const port = await freePort();
  const baseline: Baseline = { port, ...(kind === 'insert' && databaseUrl && { databaseUrl }) };
  const script = join(import.meta.dirname, 'webhook-baseline.ts');
  const child = spawn(process.execPath, [script, JSON.stringify(baseline)], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    port,
    pid: child.pid ?? 0,
    async close() {
      child.kill();
      await once(child, 'exit');
    },
  };
}

/** Sends calls from a process of its own. */
export async function put(target: Target, load: Omit<Load, 'port' | 'path' | 'bytes'>): Promise<LoadResult> {
  const whole: Load = { ...load, port: target.port, path: '/webhooks/inbound', bytes: 1024 };
  const script = join(import.meta.dirname, 'webhook-load.ts');
  const child = spawn(process.execPath, [script, JSON.stringify(whole)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await once(child, 'close');
  return JSON.parse(text) as LoadResult;
}
