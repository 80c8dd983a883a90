/** The query of a page that is narrowed down and leafed through: what is blank, and the first page, are left out. */
export function filterQuery(filter: object): string {
  const set = Object.entries(filter).filter(([name, value]) => value !== '' && !(name === 'page' && value === 1));
  return new URLSearchParams(set.map(([name, value]) => [name, String(value)])).toString();
}

/** From 1; anything else counts as the first. */
export function pageNumber(text: string): number {
  const page = Number(text);
  return Number.isInteger(page) && page > 0 && page <= 10_000 ? page : 1;
}
