import { describe, expect, it } from '@jest/globals';
import type { Address } from '../sdk/index.ts';
import { zoneOf } from './contact-zone.ts';

describe('the time zone of an address', () => {
  it.each<[string, Address]>([
    ['no country, for Paris is in Texas too', { city: 'Paris' }],
    ['a country nobody knows', { country: 'Nowhere', city: 'Paris' }],
    ['a country of several clocks alone', { country: 'US' }],
    ['a state of two clocks', { country: 'US', state: 'TX' }],
    ['a state of two clocks whose second has no town among the data', { country: 'US', state: 'Nevada' }],
    ['a town of a state of two clocks that the data does not know', { country: 'US', state: 'Texas', city: 'Nowhereville' }],
    ['a town whose name many bear, without its state', { country: 'US', city: 'Springfield' }],
    ['a postal code of another state', { country: 'US', state: 'NY', postalCode: '78701' }],
    ['a postal code that is none', { country: 'US', state: 'CA', postalCode: 'n/a' }],
    ['a name that every object has', { country: 'constructor', state: '__proto__', city: 'toString' }],
  ])('is left out rather than guessed for %s', (_, address) => {
    expect(zoneOf(address)).toBeUndefined();
  });

  it.each<[string, Address, string]>([
    ['a country of one clock, by code', { country: 'DE' }, 'Europe/Berlin'],
    ['by its code of three letters', { country: 'USA', state: 'CA' }, 'America/Los_Angeles'],
    ['by name, in capitals', { country: 'UNITED KINGDOM' }, 'Europe/London'],
    ['by the name people give it', { country: 'UK' }, 'Europe/London'],
    ['a country of several names for one clock, by its largest town', { country: 'AR' }, 'America/Argentina/Buenos_Aires'],
    ['an American postal code', { country: 'US', state: 'Texas', postalCode: '79901' }, 'America/Denver'],
    ['an American postal code of nine digits', { country: 'US', postalCode: '78701-1234' }, 'America/Chicago'],
    ['a town of a state of two clocks', { country: 'US', state: 'TX', city: 'austin' }, 'America/Chicago'],
    ['a town written with other accents', { country: 'BR', state: 'Sao Paulo', city: 'São Paulo' }, 'America/Sao_Paulo'],
    ['a state of one clock', { country: 'AU', state: 'Victoria' }, 'Australia/Melbourne'],
    ['a town that needs no state', { country: 'ES', city: 'Madrid' }, 'Europe/Madrid'],
  ])('is known for %s', (_, address, zone) => {
    expect(zoneOf(address)).toBe(zone);
  });
});
