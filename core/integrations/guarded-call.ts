import { concealed, type Mask } from '../egress/conceal.ts';
import type { Log } from '../log.ts';
import { hubError, PluginFault, TryLater } from '../sdk/index.ts';

export interface GuardedCall {
  /** The plugin's name, for messages. */
  readonly name: string;
  /** Which of its handlers, for messages. */
  readonly handler: string;
  /** Names the plugin in its fields. */
  readonly log: Log;
  /** The signal the handler was given. */
  readonly signal: AbortSignal;
  /** Aborts that signal. */
  readonly abort: (reason: Error) => void;
  readonly timeoutMs: number;
  /** Takes out what the plugin was shown and nobody else is to see. */
  readonly mask?: Mask;
  /** Told of what is the plugin's fault: what it throws, an answer in the wrong shape, none at all. */
  readonly onFault?: (error: unknown) => void;
}

/**
 * Runs one call into a plugin. Errors of the SDK pass as they are (from whichever realm); anything else, an answer in the
 * wrong shape included, becomes a PluginFault with the plugin's name. A call that never ends is given up at the deadline.
 */
export async function guardedCall<T>(call: GuardedCall, fn: () => T | Promise<T>): Promise<T> {
  const { name, handler, signal, timeoutMs } = call;
  let timer: NodeJS.Timeout | undefined;
  let stop: (() => void) | undefined;
  const given = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const reason = new TryLater(`The plugin ${name} did not finish \`${handler}\` within ${timeoutMs / 1000} s.`);
      failed(call, new PluginFault(reason.message));
      call.abort(reason);
    }, timeoutMs);
    stop = () => reject(stopped(name, signal));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([given, invoke(fn)]);
  } catch (thrown) {
    // What the handler throws once it was stopped is about the stop, not about the plugin.
    if (signal.aborted) throw stopped(name, signal);
    const error = call.mask ? concealed(thrown, call.mask) : thrown;
    const known = hubError(error);
    if (known?.consequence === 'plugin-fault') failed(call, known);
    if (known) throw known;
    failed(call, error);
    throw new PluginFault(`${name}: ${error instanceof Error || isErrorLike(error) ? error.message : String(error)}`, {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
    if (stop) signal.removeEventListener('abort', stop);
  }
}

/** A handler that throws before its first await is a failing handler like any other. */
async function invoke<T>(fn: () => T | Promise<T>): Promise<T> {
  return fn();
}

function stopped(name: string, signal: AbortSignal): Error {
  return hubError(signal.reason) ?? new TryLater(`${name}: the call was stopped before it ended; nothing is wrong with it.`);
}

function failed({ handler, log, onFault }: GuardedCall, error: unknown): void {
  log.warn({ err: error, where: handler }, 'plugin fault');
  onFault?.(error);
}

function isErrorLike(error: unknown): error is { message: string } {
  return typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string';
}
