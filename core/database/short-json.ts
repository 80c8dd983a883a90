/** Three digits of an exponent: Postgres writes such a number out, in up to 326 digits each time it is read. */
const LONG_NUMBER = /\de[+-]\d{3}(?:$|[,\]}])/;

/** As `JSON.stringify`, for a column of JSON: a number that Postgres would write out at length becomes a text. */
export function shortJson(value: unknown): string | undefined {
  const written: string | undefined = JSON.stringify(value);
  return written !== undefined && LONG_NUMBER.test(written) ? JSON.stringify(value, shortNumber) : written;
}

function shortNumber(_name: string, value: unknown): unknown {
  return typeof value === 'number' && LONG_NUMBER.test(String(value)) ? String(value) : value;
}
