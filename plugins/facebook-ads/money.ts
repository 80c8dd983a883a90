/** Minor units of ISO 4217 that are not two, for currencies an ad account may have. */
const DIGITS: Readonly<Record<string, number>> = { CLP: 0, ISK: 0, JPY: 0, KRW: 0, PYG: 0, VND: 0, BHD: 3, JOD: 3, KWD: 3 };

/** Currencies whose budgets are whole units: https://developers.facebook.com/docs/marketing-api/currencies (offset 1). */
const WHOLE = ['CLP', 'COP', 'CRC', 'HUF', 'ISK', 'IDR', 'JPY', 'KRW', 'PYG', 'TWD', 'VND'];

/** `12.34` of spend → 1234 for `USD`, 12 for `JPY`. */
export function minorOfMajor(amount: number, currency: string): number {
  return Math.round(amount * 10 ** (DIGITS[currency] ?? 2));
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
