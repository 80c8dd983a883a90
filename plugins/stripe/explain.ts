import { type HubError, hubError, isRaw, NotFound, ReconnectNeeded, Rejected, type Reply, TryLater, text } from 'patchbay';

/** What an error of {@link explain} remembers of the answer; for the log, and for who has to know more than its sentence. */
export interface Reason {
  readonly status: number;
  readonly said: string;
  readonly code: string | undefined;
  readonly param: string | undefined;
  /** May the same request be sent again at once? `undefined` where the provider does not say. */
  readonly again: boolean | undefined;
  readonly requestId: string | undefined;
}

interface ProviderError {
  readonly type: string;
  readonly code: string | undefined;
  readonly decline: string | undefined;
  readonly reason: Reason;
}

/** docs.stripe.com/declines/codes: what helps beside the provider's own sentence. */
const DECLINES: Readonly<Record<string, string>> = {
  insufficient_funds: 'The customer needs another card, or money on this one.',
  expired_card: 'Ask the customer for a card that is still valid.',
  incorrect_cvc: 'Ask the customer to type the card again.',
  lost_card: 'Ask the customer for another card.',
  stolen_card: 'Ask the customer for another card.',
  authentication_required: 'The customer has to confirm the payment with the bank.',
  generic_decline: 'The bank gave no reason; the customer has to ask it or use another card.',
};

/** Why a call failed, where this plugin's own sentence was thrown. */
export function reasonOf(error: unknown): Reason | undefined {
  const cause = hubError(error)?.cause;
  return isRaw(cause) && typeof cause['said'] === 'string' ? (cause as unknown as Reason) : undefined;
}

/** Names what the provider's answers mean (docs.stripe.com/error-low-level, docs.stripe.com/error-codes). */
export function explain(reply: Reply): 'expired' | HubError | undefined {
  const error = errorIn(reply);
  if (reply.status === 401) return unauthorized(error);
  if (!error) return undefined;
  if (error.type === 'idempotency_error') {
    const said = 'This was asked for before with other details. Use another Idempotency-Key for a new wish.';
    return new Rejected(said, { code: 'CONFLICT', cause: error.reason });
  }
  if (reply.status === 409 || reply.status === 429 || reply.status >= 500) return busy(error);
  if (reply.status === 403) return forbidden(error);
  if (error.type === 'card_error') return declined(error);
  if (error.code === 'resource_missing') return new NotFound(`Stripe: ${sentence(error.reason.said)}`, { cause: error.reason });
  return refused(error);
}

function errorIn({ status, headers, data }: Reply): ProviderError | undefined {
  const error = isRaw(data) && isRaw(data['error']) ? data['error'] : undefined;
  if (!error) return undefined;
  const code = text(error['code']);
  const retry = headers['stripe-should-retry'];
  const again = retry === undefined ? status === 409 || code === 'lock_timeout' || undefined : retry === 'true';
  const said = text(error['message'])?.slice(0, 500) ?? '';
  const reason = { status, said, code, param: text(error['param']), again, requestId: headers['request-id'] };
  return { type: text(error['type']) ?? '', code, decline: text(error['decline_code']), reason };
}

/** Nothing renews a key. */
function unauthorized(error: ProviderError | undefined): HubError {
  const expired = /expired/i.test(error?.reason.said ?? '');
  const what = expired ? 'This key has expired' : 'Stripe does not know this key';
  const options = { code: 'INVALID_CREDENTIALS', ...(error && { cause: error.reason }) } as const;
  return new ReconnectNeeded(`${what}. Copy a valid one from Developers > API keys and connect with it.`, options);
}

/** `rak_charge_write`: the right a restricted key would need, as the provider names it. */
function forbidden({ reason }: ProviderError): HubError {
  const right = /'?rak_([a-z_]+)'? permission/.exec(reason.said)?.[1];
  if (right) {
    const message = `The key lacks the right ${rightWords(right)}. Add it in Stripe under Developers > API keys > the key > Edit.`;
    return new Rejected(message, { code: 'FORBIDDEN', cause: reason });
  }
  return new Rejected(`Stripe does not allow this: ${sentence(reason.said)}`, { code: 'FORBIDDEN', cause: reason });
}

/** `charge_write` is `"Charges: Write"` on the provider's page. */
export function rightWords(right: string): string {
  const [, name = right, access = ''] = /^(.*)_(read|write)$/.exec(right) ?? [];
  const words = name.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase());
  return `"${words}${access && `: ${access === 'read' ? 'Read' : 'Write'}`}" (rak_${right})`;
}

/** What the provider says nothing of is the hub's to judge; so are outages of its gateway, which the hub sits out. */
function busy({ code, reason }: ProviderError): HubError | undefined {
  const { status, again } = reason;
  if (status === 409 || code === 'lock_timeout') {
    return new TryLater('Stripe is still working on the same thing. Try again in a moment.', { cause: reason, afterSeconds: 1 });
  }
  if (status === 429) {
    const limited = { code: 'RATE_LIMIT_EXCEEDED', cause: reason, afterSeconds: 1 } as const;
    return again ? new TryLater('Stripe takes no more calls just now.', limited) : undefined;
  }
  if (again === undefined || (again && status !== 500)) return undefined;
  return new TryLater(`Stripe has a problem on its side just now (${status}).`, { cause: reason });
}

function declined({ code, decline, reason }: ProviderError): HubError {
  const help = DECLINES[decline ?? ''] ?? DECLINES[code ?? ''];
  return new Rejected([sentence(reason.said || 'The card was declined'), help].filter(Boolean).join(' '), { cause: reason });
}

function refused({ code, reason }: ProviderError): HubError {
  if (code === 'charge_already_refunded') {
    return new Rejected('This payment has already been refunded.', { code: 'CONFLICT', cause: reason });
  }
  return new Rejected(`Stripe refused this: ${sentence(reason.said || `status ${reason.status}`)}`, { cause: reason });
}

function sentence(said: string): string {
  return /[.!?]$/.test(said) ? said : `${said}.`;
}
