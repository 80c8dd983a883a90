import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** `São  Paulo` and `sao paulo` are one place. */
export function normal(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();
}

export function placeNames(...names: readonly (string | null | undefined)[]): ReadonlySet<string> {
  return new Set(names.flatMap((name) => (name ? [normal(name)] : [])));
}

let regions: ReadonlyMap<string, string> | undefined;

/** The ISO 3166-1 alpha-2 code of a country given by code (`DE`, `DEU`, `UK`) or English name. */
export function regionOf(country: string): string | undefined {
  regions ??= namesOfCountries();
  return regions.get(normal(country));
}

function namesOfCountries(): ReadonlyMap<string, string> {
  const { getAllCountries } = require('countries-and-timezones') as typeof import('countries-and-timezones');
  const { cityMapping } = require('city-timezones') as typeof import('city-timezones');
  const shown = new Intl.DisplayNames('en', { type: 'region' });
  const short = new Intl.DisplayNames('en', { type: 'region', style: 'short' });
  const own = Object.values(getAllCountries()).flatMap(({ id, name }): [string, string][] =>
    [id, name, shown.of(id) ?? id, short.of(id) ?? id].map((called) => [normal(called), id]),
  );
  const atlas = new Map(cityMapping.map(({ iso2, iso3, country }) => [iso2, [iso3, country]]));
  const others = [...atlas].flatMap(([id, names]) => [...placeNames(...names)].map((name): [string, string] => [name, id]));
  // What ISO assigns wins over what atlases call a place.
  return new Map(
    [['uk', 'GB'] as [string, string], ...others, ...own].filter(([name, id]) => name !== '' && /^[A-Z]{2}$/.test(id)),
  );
}
