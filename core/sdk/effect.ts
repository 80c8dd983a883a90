import type { Item } from './stream.ts';

/** What an event or action changes in the hub; committed together with the event's state. */
export type Effect =
  | { readonly kind: 'records'; readonly stream: string; readonly items: readonly Item[] }
  | { readonly kind: 'resync'; readonly stream: string }
  | { readonly kind: 'disconnect'; readonly reason: string };
