import { type Ack, hubError } from '../sdk/index.ts';

/** How a call came, beside what it says. */
export interface Way {
  /** From the URL, where it is the integration's own. */
  readonly key?: string | undefined;
  /** Who sent it, as limits count. */
  readonly sender?: string | undefined;
}

/** The answer to a call; `refused` says why it is one that asks to send again. */
export interface Answer extends Ack {
  readonly refused?: 'full' | 'too-many' | 'not-stored' | 'plugin-away';
}

const RETRY_SECONDS = 30;

/** @param status the one that makes this provider send again */
export function retryLater(status: number, refused: NonNullable<Answer['refused']>): Answer {
  return { status, headers: { 'retry-after': String(RETRY_SECONDS) }, refused };
}

/** What the caller got wrong, as against what we could not do. */
export function isRefusal(error: unknown): boolean {
  const consequence = hubError(error)?.consequence;
  return consequence === 'rejected' || consequence === 'not-found';
}
