import { minorDigits } from 'patchbay';

/** Currencies whose budgets are whole units: https://developers.facebook.com/docs/marketing-api/currencies (offset 1). */
const WHOLE = ['CLP', 'COP', 'CRC', 'HUF', 'ISK', 'IDR', 'JPY', 'KRW', 'PYG', 'TWD', 'VND'];

/** `12.34` of spend → 1234 for `USD`, 12 for `JPY`, 12340 for `KWD`. */
export function minorOfMajor(amount: number, currency: string): number {
  return Math.round(amount * 10 ** minorDigits(currency));
}

/** A budget as the provider counts it → minor units: `1234` is 12.34 for `USD`, 1,234 for `HUF` and `JPY`. */
export function minorOfBudget(budget: number, currency: string): number {
  return minorOfMajor(WHOLE.includes(currency) ? budget : budget / 100, currency);
}

/** The provider writes numbers as texts. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}
