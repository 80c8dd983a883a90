/** ISO 4217, list one: the currencies whose smallest unit is not a hundredth. */
const EXCEPTIONS = new Map<string, number>([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
  ...'CLF UYW'.split(' ').map((code) => [code, 4] as const),
]);

/**
 * Digits after the point of a currency (ISO 4217 in capitals): 2 for `USD` and `HUF`, 0 for `JPY`, 3 for `KWD`; 2 for one
 * that is not known. `Intl` counts the digits people write, which are fewer for some: none for `HUF`.
 */
export function minorDigits(currency: string): number {
  return EXCEPTIONS.get(currency) ?? 2;
}
