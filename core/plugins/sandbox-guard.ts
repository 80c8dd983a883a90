import { request } from 'undici';
import type { Log } from '../log.ts';
import { hubError, PluginFault } from '../sdk/index.ts';
import { during } from './life.ts';
import type { LoadedPlugin } from './loaded-plugin.ts';
import { messageOf } from './run.ts';

const DELIVERY_MS = 15_000;

export interface Delivery {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  readonly log: Log;
}

/** Posts a simulated webhook over real HTTP; the status, or 0 when nothing answered. Never rejects. */
export async function deliver(url: string, { headers, body, log }: Delivery): Promise<number> {
  try {
    const signal = AbortSignal.timeout(DELIVERY_MS);
    // A socket kept alive would hold up the hub's own closing: it calls itself here.
    const reply = await request(url, { method: 'POST', headers: { ...headers }, body, signal, reset: true });
    await reply.body.dump();
    return reply.statusCode;
  } catch (error) {
    log.warn({ err: error, url }, 'a simulated webhook was not answered');
    return 0;
  }
}

/** Asks the hub over real HTTP, as a provider checks an address. Never rejects. */
export async function ask(url: string, log: Log): Promise<{ status: number; body: string }> {
  try {
    const reply = await request(url, { signal: AbortSignal.timeout(DELIVERY_MS), reset: true });
    return { status: reply.statusCode, body: await reply.body.text() };
  } catch (error) {
    log.warn({ err: error, url }, 'a simulated check of the webhook was not answered');
    return { status: 0, body: '' };
  }
}

/** Names the plugin and the moment in whatever goes wrong in its simulator. */
export async function guarded<T>(plugin: LoadedPlugin, when: string, work: () => Promise<T>): Promise<T> {
  try {
    return await during(plugin, work);
  } catch (error) {
    throw fault(plugin, when, error);
  }
}

/** A simulator may reject a person's input; anything else it throws is its own mistake. */
export function fault({ id, life }: LoadedPlugin, when: string, error: unknown): Error {
  const known = hubError(error);
  if (known?.consequence === 'rejected' || known?.consequence === 'not-found') return known;
  life?.fault(error, `the simulator ${when}`);
  return new PluginFault(`The simulator of ${id} failed ${when}: ${messageOf(error)}`, { cause: error });
}
