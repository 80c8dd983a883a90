import type { SandboxEnv } from '../sandbox.ts';

/** What was last saved, if it is of this version: a simulator that changes what it keeps counts up and starts afresh. */
export function savedState<State extends { readonly version: number }>(
  env: Pick<SandboxEnv, 'load'>,
  version: State['version'],
): State | undefined {
  const state = env.load() as State | null | undefined;
  return typeof state === 'object' && state?.version === version ? state : undefined;
}
