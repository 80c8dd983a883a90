import { randomInt } from 'node:crypto';
import { type Changes, Documents, Random } from 'patchbay/simulator';
import { baseContacts, baseEvents, baseOpportunities, type Doc, type Furniture, furnish } from './base.ts';
import { PLACES, type Place } from './demo.ts';

export type Kind = 'contacts' | 'events' | 'opportunities';
/** The locations and what is in them. */
export class World extends Documents<Kind, Doc> {
  readonly epoch: number;
  readonly #furniture: ReadonlyMap<string, Furniture>;

  constructor({ epoch, ...given }: { epoch: number; changes: Changes<Kind, Doc> | undefined; changed: () => void }) {
    const places = PLACES.map((place) => ({ place, ...firstDay(place, epoch) }));
    super({
      ...given,
      base: {
        contacts: places.flatMap(({ contacts }) => contacts),
        events: places.flatMap(({ events }) => events),
        opportunities: places.flatMap(({ opportunities }) => opportunities),
      },
    });
    this.epoch = epoch;
    this.#furniture = new Map(places.map(({ place, furniture }) => [place.id, furniture]));
  }

  furniture(locationId: string): Furniture {
    const found = this.#furniture.get(locationId);
    if (!found) throw new Error(`The simulator has no location ${locationId}.`);
    return found;
  }

  at(kind: Kind, locationId: string): Doc[] {
    return this.all(kind, (doc) => doc.locationId === locationId);
  }

  /** A new id, not one the base could ever make. */
  newId(): string {
    return new Random(randomInt(2 ** 32 - 1)).letters(20);
  }
}

function firstDay(place: Place, epoch: number) {
  const furniture = furnish(place);
  const contacts = baseContacts(place, furniture, epoch);
  const given = { epoch, contacts };
  return {
    furniture,
    contacts,
    events: baseEvents(place, furniture, given),
    opportunities: baseOpportunities(place, furniture, given),
  };
}
