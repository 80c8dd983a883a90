import type { Integration } from './integration.ts';

const STOPPED = 'INTEGRATION_NOT_ACTIVE';

/** What a stop by an administrator leaves of an integration's state: neither its owner nor a new credential undoes it. */
export interface Stop {
  readonly status: 'error';
  readonly enabled: boolean;
  readonly reasonCode: typeof STOPPED;
  readonly message: string;
}

/** The stop that holds, if any; it outlives a disconnection. Pure. */
export function stopOf({ status, enabled, reasonCode, message }: Integration): Stop | undefined {
  if (reasonCode !== STOPPED) return undefined;
  const said = status === 'error' ? message : undefined;
  return { status: 'error', enabled, reasonCode, message: said ?? 'Stopped by an administrator.' };
}
