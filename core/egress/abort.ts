/** Ends at once when the signal does, whatever the work is waiting for. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** The given signals and a deadline in one. */
export function withDeadline(timeoutMs: number, ...signals: readonly AbortSignal[]): AbortSignal {
  return AbortSignal.any([...signals, AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)))]);
}
