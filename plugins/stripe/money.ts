import { type Money, minorDigits, number, text } from 'patchbay';

/**
 * Digits the API writes where they are not those of ISO 4217 (docs.stripe.com/currencies): ISK and UGX as if they had
 * hundredths, MGA as if it had none.
 */
const WRITTEN = new Map([
  ['ISK', 2],
  ['UGX', 2],
  ['MGA', 0],
]);

/** The provider's amount in the smallest unit its currency has. */
export function money(amount: unknown, currency: unknown): Money | undefined {
  const [given, code] = [number(amount), text(currency)?.toUpperCase()];
  if (given === undefined || code === undefined) return undefined;
  const digits = minorDigits(code);
  return { amount: Math.round(given * 10 ** (digits - (WRITTEN.get(code) ?? digits))), currency: code };
}

/** `USD 1,204.50` */
export function moneyWords({ amount, currency }: Money): string {
  const digits = minorDigits(currency);
  const value = amount / 10 ** digits;
  return `${currency} ${value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}
