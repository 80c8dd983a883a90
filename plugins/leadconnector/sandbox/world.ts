import { randomInt } from 'node:crypto';
import { baseContacts, baseEvents, baseOpportunities, type Doc, type Furniture, furnish } from './base.ts';
import { PLACES, type Place } from './demo.ts';
import { Random } from './random.ts';

export type Kind = 'contacts' | 'events' | 'opportunities';
/** Kind → id → what it has become; `null` for what was removed. */
export type Changes = Record<Kind, Record<string, Doc | null>>;

/** The locations and what is in them: a base made anew on every start, and the changes over it. */
export class World {
  readonly epoch: number;
  readonly #changes: Changes;
  readonly #docs: Record<Kind, Map<string, Doc>> = { contacts: new Map(), events: new Map(), opportunities: new Map() };
  readonly #furniture = new Map<string, Furniture>();
  readonly #changed: () => void;

  constructor(given: { epoch: number; changes: Changes | undefined; changed: () => void }) {
    this.epoch = given.epoch;
    this.#changes = given.changes ?? { contacts: {}, events: {}, opportunities: {} };
    this.#changed = given.changed;
    for (const place of PLACES) this.#build(place);
    for (const kind of ['contacts', 'events', 'opportunities'] as const) {
      for (const [id, doc] of Object.entries(this.#changes[kind])) {
        if (doc) this.#docs[kind].set(id, doc);
        else this.#docs[kind].delete(id);
      }
    }
  }

  get changes(): Changes {
    return this.#changes;
  }

  furniture(locationId: string): Furniture {
    const found = this.#furniture.get(locationId);
    if (!found) throw new Error(`The simulator has no location ${locationId}.`);
    return found;
  }

  get(kind: Kind, id: string): Doc | undefined {
    return this.#docs[kind].get(id);
  }

  all(kind: Kind, locationId: string): Doc[] {
    return [...this.#docs[kind].values()].filter((doc) => doc.locationId === locationId);
  }

  put(kind: Kind, doc: Doc): Doc {
    this.#docs[kind].set(doc.id, doc);
    this.#changes[kind][doc.id] = doc;
    this.#changed();
    return doc;
  }

  remove(kind: Kind, id: string): void {
    this.#docs[kind].delete(id);
    this.#changes[kind][id] = null;
    this.#changed();
  }

  /** A new id, not one the base could ever make. */
  newId(): string {
    return new Random(randomInt(2 ** 32 - 1)).id();
  }

  #build(place: Place): void {
    const furniture = furnish(place);
    this.#furniture.set(place.id, furniture);
    const contacts = baseContacts(place, furniture, this.epoch);
    const given = { epoch: this.epoch, contacts };
    this.#fill('contacts', contacts);
    this.#fill('events', baseEvents(place, furniture, given));
    this.#fill('opportunities', baseOpportunities(place, furniture, given));
  }

  #fill(kind: Kind, docs: readonly Doc[]): void {
    for (const doc of docs) this.#docs[kind].set(doc.id, doc);
  }
}
