import type { Money } from 'patchbay';
import { number, text } from './api.ts';

/** Without a smaller unit; ISK and UGX too, but those the API goes on writing with two digits (docs.stripe.com/currencies). */
const WHOLE = new Set(['BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'VND', 'VUV', 'XAF', 'XOF', 'XPF']);
const PADDED = new Set(['ISK', 'UGX']);
const THOUSANDTHS = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);

/** The provider's amount in the smallest unit its currency has. */
export function money(amount: unknown, currency: unknown): Money | undefined {
  const [given, code] = [number(amount), text(currency)?.toUpperCase()];
  if (given === undefined || code === undefined) return undefined;
  return { amount: PADDED.has(code) ? Math.round(given / 100) : given, currency: code };
}

/** `USD 1,204.50` */
export function moneyWords({ amount, currency }: Money): string {
  const digits = WHOLE.has(currency) || PADDED.has(currency) ? 0 : THOUSANDTHS.has(currency) ? 3 : 2;
  const value = amount / 10 ** digits;
  return `${currency} ${value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}
