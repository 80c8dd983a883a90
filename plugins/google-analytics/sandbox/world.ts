import { dayIn } from 'patchbay';
import { type DemoProperty, type DemoStream, LOGINS, propertyOf } from './demo.ts';
import { factsOf, type Tables } from './facts.ts';
import type { KeyEvent, Retention, Secret, State } from './state.ts';

const STANDARD: Retention = {
  eventDataRetention: 'TWO_MONTHS',
  userDataRetention: 'FOURTEEN_MONTHS',
  resetUserDataOnNewActivity: true,
};
/** Days remembered; a report over a quarter asks for each several times. */
const MOST_DAYS = 2_000;

/** The properties, and what has become of them. */
export class World {
  state: State;
  readonly #changed: (state: State) => void;
  readonly #days = new Map<string, Tables>();

  constructor(state: State, changed: (state: State) => void) {
    this.state = state;
    this.#changed = changed;
  }

  change(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    this.#days.clear();
    this.#changed(this.state);
  }

  facts(property: DemoProperty, day: string, now: number): Tables {
    const key = `${property.id}/${day}/${dayIn(property.timeZone, now)}`;
    const known = this.#days.get(key);
    if (known) return known;
    const made = factsOf({
      property,
      day,
      now,
      keyEvents: this.keyEvents(property).map(({ eventName }) => eventName),
      received: this.state.received.filter(
        ({ propertyId, happened }) => propertyId === property.id && dayIn(property.timeZone, happened) === day,
      ),
      restated: this.state.restated[day] ?? 0,
    });
    if (this.#days.size > MOST_DAYS) this.#days.clear();
    this.#days.set(key, made);
    return made;
  }

  keyEvents(property: DemoProperty): readonly KeyEvent[] {
    return (
      this.state.keyEvents[property.id] ?? property.keyEvents.map((eventName, index) => keyEvent(property.id, index, eventName))
    );
  }

  retention(property: DemoProperty): Retention {
    return this.state.retention[property.id] ?? STANDARD;
  }

  secrets(property: DemoProperty, stream: DemoStream): readonly Secret[] {
    const made = stream.secrets.map((secretValue, index) =>
      secret(property.id, stream.id, { index, secretValue, displayName: 'Shop server' }),
    );
    return this.state.secrets[stream.id] ?? made;
  }

  /** The property and stream a measurement id belongs to. */
  measured(measurementId: string | null): { property: DemoProperty; stream: DemoStream } | undefined {
    for (const { accounts } of LOGINS) {
      for (const property of accounts.flatMap(({ properties }) => properties)) {
        const stream = property.streams.find((one) => one.measurementId !== undefined && one.measurementId === measurementId);
        if (stream) return { property, stream };
      }
    }
    return undefined;
  }

  streamOf(propertyId: string, streamId: string): DemoStream | undefined {
    return propertyOf(propertyId)?.streams.find(({ id }) => id === streamId);
  }
}

export function keyEvent(propertyId: string, index: number, eventName: string): KeyEvent {
  return {
    name: `properties/${propertyId}/keyEvents/${70001 + index}`,
    eventName,
    createTime: '2025-02-03T10:11:12.131415Z',
    countingMethod: 'ONCE_PER_EVENT',
    deletable: eventName !== 'purchase',
    custom: !['purchase', 'generate_lead', 'sign_up'].includes(eventName),
  };
}

export function secret(
  propertyId: string,
  streamId: string,
  given: { index: number; secretValue: string; displayName: string },
): Secret {
  const { index, ...rest } = given;
  return { name: `properties/${propertyId}/dataStreams/${streamId}/measurementProtocolSecrets/${900001 + index}`, ...rest };
}
