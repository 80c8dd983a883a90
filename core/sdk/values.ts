/**
 * An amount in the smallest unit of its currency by ISO 4217, as {@link minorDigits} counts it: 1999 is 19.99 for `USD` and
 * `HUF`, 1,999 for `JPY`, 1.999 for `KWD`.
 */
export interface Money {
  /** A whole number, negative for what went back. */
  readonly amount: number;
  /** ISO 4217 in capitals. */
  readonly currency: string;
}

/** A moment. */
export interface Time {
  /** ISO 8601 in UTC: `2026-01-31T10:00:00.000Z`. */
  readonly at: string;
  /** The provider's own zone, as it was given: `Europe/Berlin`, `+01:00`. */
  readonly zone?: string;
}

/** Where somebody lives or works. */
export interface Address {
  readonly line1?: string;
  readonly line2?: string;
  readonly city?: string;
  /** As the provider writes it: a code or a name. */
  readonly state?: string;
  readonly postalCode?: string;
  /** ISO 3166-1 alpha-2 where the provider gives it, else its name. */
  readonly country?: string;
}
