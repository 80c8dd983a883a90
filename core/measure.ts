import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';

/** What the rooms tell of their work, for whoever counts it. No tenant's name, no address, no secret. */
export interface Measures {
  /** One exchange with a provider; `outcome` is its status, or `failure` where none came. */
  readonly call: { readonly plugin: string; readonly outcome: number | 'failure'; readonly seconds: number };
  /** A token that was to be renewed. */
  readonly refresh: { readonly plugin: string; readonly outcome: 'renewed' | 'refused' | 'failed' };
  /** A run that ended. */
  readonly run: {
    readonly plugin: string;
    readonly outcome: string;
    /** From its beginning to its end; what it waited in between included. */
    readonly seconds: number;
    readonly records: Readonly<Record<'written' | 'unchanged' | 'deleted' | 'older' | 'failed', number>>;
  };
}

/** Costs nothing while nobody counts. */
export function measure<K extends keyof Measures>(kind: K, what: Measures[K]): void {
  channel(`patchbay:${kind}`).publish(what);
}

/** @returns what ends it */
export function onMeasure<K extends keyof Measures>(kind: K, counted: (what: Measures[K]) => void): () => void {
  const listener = (what: unknown) => counted(what as Measures[K]);
  subscribe(`patchbay:${kind}`, listener);
  return () => void unsubscribe(`patchbay:${kind}`, listener);
}
