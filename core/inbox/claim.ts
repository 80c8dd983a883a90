/** Names one event in the hands of one worker. */
export interface Held {
  readonly id: string;
  readonly storeId: string;
  readonly integrationId: string;
  readonly lane: string;
  readonly seq: string;
  /** Fences every write: whoever claims the event later holds another. */
  readonly token: string;
}

/** An event in a worker's hands, until its lease ends. */
export interface Claim extends Held {
  readonly pluginId: string;
  readonly account: string | null;
  readonly eventId: string;
  readonly type: string;
  readonly object: string | null;
  readonly at: Date | null;
  readonly data: Record<string, unknown>;
  /** This one included. */
  readonly attempts: number;
  readonly receivedAt: Date;
}

/** What became of a claimed event; everything but `retry` is an end. */
export type Outcome =
  | { readonly kind: 'handled'; readonly reason?: string }
  | { readonly kind: 'parked' | 'dead'; readonly reason: string }
  | {
      readonly kind: 'retry';
      readonly reason: string;
      readonly afterSeconds: number;
      /** False: it was not the event's fault, the attempt is given back. */
      readonly counted: boolean;
    };

/** Another worker has the event now; nothing of ours may be written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** Of several that were to end together some could not. */
export class NotAll extends Error {
  override readonly name = 'NotAll';
}
