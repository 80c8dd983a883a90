import type { Changes } from 'patchbay/simulator';
import type { Doc, Kind } from './base.ts';
import type { Report } from './reports.ts';
import type { Saved as SavedTokens } from './tokens.ts';

/** What outlives a restart of the hub. */
export interface Saved {
  readonly version: 1;
  readonly epoch: number;
  readonly changes: Changes<Kind, Doc>;
  readonly tokens: SavedTokens;
  readonly reports: Report[];
  readonly pages: readonly string[];
  readonly delivered: number;
}
