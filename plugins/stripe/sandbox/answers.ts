import { Refusal as BaseRefusal } from 'patchbay/simulator';

export type ErrorType = 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error';

export interface ErrorDetail {
  readonly type?: ErrorType;
  readonly code?: string;
  readonly param?: string;
  readonly decline_code?: string;
  readonly charge?: string;
  /** Headers of the answer beside the usual ones. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that ends the handling of a call, in the provider's shape (docs.stripe.com/api/errors). */
export class Refusal extends BaseRefusal {
  constructor(status: number, message: string, { headers, type = 'invalid_request_error', ...detail }: ErrorDetail = {}) {
    const page = detail.code && { doc_url: `https://stripe.com/docs/error-codes/${detail.code.replaceAll('_', '-')}` };
    super(message, { status, ...(headers && { headers }), body: { error: { type, message, ...detail, ...page } } });
  }
}

/** What is asked for does not exist; under `id` the answer is 404, in any other parameter 400. */
export function missing(what: string, id: string, param = 'id'): Refusal {
  const status = param === 'id' ? 404 : 400;
  return new Refusal(status, `No such ${what.replace('_', ' ')}: '${id}'`, { code: 'resource_missing', param });
}
