import type { Report } from './reports.ts';
import type { Saved as SavedTokens } from './tokens.ts';
import type { Changes } from './world.ts';

/** What outlives a restart of the hub. */
export interface Saved {
  readonly version: 1;
  readonly epoch: number;
  readonly changes: Changes;
  readonly tokens: SavedTokens;
  readonly reports: Report[];
  readonly pages: readonly string[];
  readonly delivered: number;
}

export function readSaved(state: unknown): Saved | undefined {
  return typeof state === 'object' && state !== null && (state as Saved).version === 1 ? (state as Saved) : undefined;
}
