import { Refusal } from './answers.ts';
import { type Call, type Route, readable } from './call.ts';
import { integer, metadataOf, text } from './params.ts';
import { type Doc, settled } from './shapes.ts';
import { DECLINES } from './shop.ts';

const REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'];
/** docs.stripe.com/testing: tokens that are declined on purpose. */
const TOKENS: Readonly<Record<string, string>> = {
  tok_chargeDeclined: 'card_declined',
  tok_chargeDeclinedInsufficientFunds: 'insufficient_funds',
  tok_chargeDeclinedExpiredCard: 'expired_card',
};

function createCharge({ shop, params }: Call): object {
  const amount = integer(params['amount'], 'amount');
  const currency = text(params['currency']);
  if (amount === undefined || amount < 1)
    throw new Refusal(400, 'Missing required param: amount.', { code: 'parameter_missing', param: 'amount' });
  if (!currency) throw new Refusal(400, 'Missing required param: currency.', { code: 'parameter_missing', param: 'currency' });
  const decline = TOKENS[text(params['source']) ?? ''];
  const wish = {
    amount,
    currency: currency.toLowerCase(),
    customer: text(params['customer']),
    description: text(params['description']),
  };
  const made = shop.charge({ ...wish, metadata: metadataOf(params), decline });
  const why = decline && DECLINES[decline];
  if (why) {
    throw new Refusal(402, why.message, {
      type: 'card_error',
      code: why.code,
      decline_code: why.decline,
      charge: made.id,
      param: 'source',
    });
  }
  return made;
}

function createRefund({ shop, params }: Call): object {
  const reason = text(params['reason']);
  if (reason && !REASONS.includes(reason)) {
    throw new Refusal(400, `Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer`, { param: 'reason' });
  }
  const metadata = metadataOf(params);
  const charge = chargeOf({ shop, params });
  return shop.refund({ charge, amount: integer(params['amount'], 'amount'), reason, metadata, pending: isSlow(charge) });
}

function chargeOf({ shop, params }: Pick<Call, 'shop' | 'params'>): Doc {
  const [charge, intent] = [text(params['charge']), text(params['payment_intent'])];
  if (charge) return shop.find('charges', charge, 'charge');
  if (!intent)
    throw new Refusal(400, 'One of the following params should be provided for this request: payment_intent or charge.');
  const found = shop.all('charges').find((doc) => doc['payment_intent'] === intent);
  if (found) return found;
  throw new Refusal(404, `No such payment_intent: '${intent}'`, { code: 'resource_missing', param: 'payment_intent' });
}

/** Money that came by bank goes back slowly: such refunds begin as pending. */
function isSlow(charge: Doc): boolean {
  return (charge['payment_method_details'] as { type?: string } | null)?.type !== 'card';
}

export const moneyRoutes: readonly Route[] = [
  ...readable({
    path: '/v1/charges',
    kind: 'charges',
    right: 'charge_read',
    filters: ['customer', 'payment_intent', 'transfer_group'],
  }),
  ...readable({ path: '/v1/refunds', kind: 'refunds', right: 'charge_read', filters: ['charge', 'payment_intent'] }),
  ...readable({
    path: '/v1/balance_transactions',
    kind: 'balance_transactions',
    right: 'balance_transaction_source_read',
    filters: ['currency', 'source', 'type'],
    shown: settled,
  }),
  {
    method: 'POST',
    path: '/v1/charges',
    right: 'charge_write',
    params: ['amount', 'currency', 'customer', 'description', 'metadata', 'source', 'expand'],
    run: createCharge,
  },
  {
    method: 'POST',
    path: '/v1/refunds',
    right: 'charge_write',
    params: [
      'amount',
      'charge',
      'currency',
      'expand',
      'instructions_email',
      'metadata',
      'payment_intent',
      'reason',
      'refund_application_fee',
      'reverse_transfer',
    ],
    run: createRefund,
  },
];
