import type { Ctx } from './context.ts';
import type { Auth } from './manifest.ts';
import type { Model } from './models.ts';

/** A resume position: flat, so that it can be stored and shown. */
export type Checkpoint = Readonly<Record<string, string | number | boolean | null>>;

/** One record as it is now, or that it is gone. An older `updatedAt` than the stored one changes nothing. Nor does what was read before what is stored, unless the provider dates it later. */
export type Item =
  | { readonly id: string; readonly data: Readonly<Record<string, unknown>> /** ISO 8601 */; readonly updatedAt?: string }
  | { readonly id: string; readonly deleted: true };

/** What a stream yields: written in one transaction with its checkpoint. */
export interface Page {
  readonly items: readonly Item[];
  /** Where to resume if the run dies after this page; must differ from the previous page's. */
  readonly checkpoint: Checkpoint;
  /** Records that could not be read: counted and shown, never lost silently. */
  readonly failed?: readonly { readonly id: string; readonly reason: string }[];
  /** Sentences on what the provider withheld or estimated (thresholds, sampling): each is shown once with the run's outcome. */
  readonly notes?: readonly string[];
  /** How many records the provider says this run will meet, where it tells. */
  readonly total?: number;
}

/** A kind of record. Without `sync` its records come from webhooks and actions only. */
export interface Stream<C = unknown> {
  readonly title: string;
  /** The shared shape of these records, where one fits. */
  readonly model?: Model;
  /** Where records may be changed in the hub: how that reaches the provider. */
  readonly edit?: Edit;
  /** The ways of connecting that can read it; default all. A connection made another way neither lists nor syncs it. */
  readonly methods?: readonly Auth['method'][];
  /**
   * `incremental`: a run resumes from the last checkpoint and sees changes only. `full`: every run starts from `null` and
   * meets every record; those it does not meet are marked deleted once it has succeeded.
   */
  readonly mode?: 'incremental' | 'full';
  /**
   * Names of config fields that choose whose records are read (a property, an audience). When somebody saves another choice a
   * sync begins at once; it reads everything anew, and the records for which `covers` says `'unchosen'` go.
   */
  readonly follows?: readonly (keyof C & string)[];
  /** One page per `yield`. `from` is `null` for a first or full run. */
  sync?(ctx: Ctx<C>, from: Checkpoint | null): AsyncGenerator<Page, void>;
  /**
   * Should a run that began at `startedAt` (ISO 8601) from the checkpoint `from` have met this record? What it should have
   * met and did not is marked deleted once it has succeeded. Default: yes in a `full` run, and incremental runs delete
   * nothing. Streams that read a window of time, or a part the settings name, say no for records outside it; incremental
   * ones that re-read their last days say yes for those days, so that figures the provider has taken back go.
   *
   * `'unchosen'`: the settings choose others than this one. It goes as well; and where a run stops and asks because so much
   * has gone at the provider, such records do not count.
   */
  covers?(data: Readonly<Record<string, unknown>>, startedAt: string, config?: C, from?: Checkpoint | null): boolean | 'unchosen';
}

/** How a change made in the hub to a record of a stream is written to the provider. Both actions answer with the record as it is then, among their effects. */
export interface Edit {
  /** The action that writes a change. */
  readonly write: string;
  /** The action that reads one record as it is now, given `input(id, {})`: asked first, so that no change there is overwritten unseen. */
  readonly read: string;
  /**
   * The action's input for a record and the fields that are to change. Pure; throw `Rejected` naming each field
   * (`/data/<name>`) that cannot be written.
   */
  input(id: string, change: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}
