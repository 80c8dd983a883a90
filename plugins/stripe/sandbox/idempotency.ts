import type { SandboxRequest, SandboxResponse } from 'patchbay';
import { Refusal } from './answers.ts';

const KEPT_MS = 24 * 3_600_000;

export interface Kept {
  readonly slug: string;
  readonly request: string;
  readonly status: number;
  readonly body: unknown;
  readonly at: number;
}

export type IdempotencyKeys = Record<string, Kept>;

/**
 * docs.stripe.com/api/idempotent_requests: the first answer to a POST is given again for a day, a refusal as well; a wrong
 * parameter or a busy key excepted. The same key with other parameters is an error.
 */
export class Idempotency {
  readonly kept: IdempotencyKeys;
  /** Keys a person has marked as still being worked on. */
  readonly busy = new Set<string>();
  readonly #changed: () => void;

  constructor(kept: IdempotencyKeys | undefined, changed: () => void) {
    this.kept = kept ?? {};
    this.#changed = changed;
  }

  /** @param answer does the work, where it was not done before */
  run(req: SandboxRequest, slug: string, given: { now: number; answer: () => SandboxResponse }): SandboxResponse {
    const key = req.headers['idempotency-key'];
    if (req.method !== 'POST' || key === undefined) return given.answer();
    if (key.length > 255)
      throw new Refusal(400, 'Idempotency keys may be at most 255 characters.', { type: 'idempotency_error' });
    const name = `${slug} ${key}`;
    if (this.busy.delete(key)) throw busy(key);
    const request = `${req.path}?${req.body}`;
    const before = this.kept[name];
    if (before && given.now - before.at < KEPT_MS) return replayed(before, { key, request });
    const answer = outcome(given.answer);
    if (wasTried(answer)) this.#keep(name, { slug, request, status: answer.status, body: answer.body, at: given.now });
    return { ...answer, headers: { ...answer.headers, 'idempotency-key': key } };
  }

  #keep(name: string, kept: Kept): void {
    for (const [old, { at }] of Object.entries(this.kept)) if (kept.at - at > KEPT_MS) delete this.kept[old];
    this.kept[name] = kept;
    this.#changed();
  }
}

function outcome(answer: () => SandboxResponse): SandboxResponse {
  try {
    return answer();
  } catch (error) {
    if (error instanceof Refusal) return error.response;
    throw error;
  }
}

/** What was refused while it was being done is refused again; what was asked wrongly was never begun. */
function wasTried({ status, body }: SandboxResponse): boolean {
  const { error } = body as { error?: { type?: string; code?: string } };
  return status < 300 || error?.type === 'card_error' || error?.code === 'charge_already_refunded';
}

function replayed(before: Kept, { key, request }: { key: string; request: string }): SandboxResponse {
  if (before.request !== request) {
    throw new Refusal(
      400,
      `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
      { type: 'idempotency_error' },
    );
  }
  return { status: before.status, body: before.body, headers: { 'idempotency-key': key, 'idempotent-replayed': 'true' } };
}

function busy(key: string): Refusal {
  return new Refusal(
    409,
    `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}.`,
    { code: 'idempotency_key_in_use', headers: { 'stripe-should-retry': 'true' } },
  );
}
