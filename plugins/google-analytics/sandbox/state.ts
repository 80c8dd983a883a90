import type { TokenGrant } from 'patchbay/simulator';

/** One event that came by the Measurement Protocol. */
export interface Received {
  /** ISO 8601, when it came. */
  readonly at: string;
  /** Milliseconds, when it happened as its sender says. */
  readonly happened: number;
  readonly measurementId: string;
  readonly propertyId: string | undefined;
  readonly clientId: string;
  readonly userId: string | undefined;
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** What came beside the events of the call: `consent`, `user_data`, `user_properties`. */
  readonly beside: Readonly<Record<string, unknown>>;
  /** Does it reach the reports? The caller is never told. */
  readonly counted: boolean;
  /** Why not. */
  readonly why?: string;
}

export interface Secret {
  readonly name: string;
  readonly displayName: string;
  readonly secretValue: string;
}

export interface KeyEvent {
  readonly name: string;
  readonly eventName: string;
  readonly createTime: string;
  readonly countingMethod: string;
  readonly deletable: boolean;
  readonly custom: boolean;
}

export interface Retention {
  readonly eventDataRetention: string;
  readonly userDataRetention: string;
  readonly resetUserDataOnNewActivity: boolean;
}

/** What reports leave out or estimate. */
export interface Blur {
  readonly thresholds: boolean;
  readonly sampling: boolean;
  readonly otherRow: boolean;
}

/** Everything a restart must not forget. */
export interface State {
  readonly version: 2;
  readonly grants: readonly TokenGrant[];
  /** Stream id → its Measurement Protocol secrets. */
  readonly secrets: Readonly<Record<string, readonly Secret[]>>;
  /** Property id → its key events, where they were changed. */
  readonly keyEvents: Readonly<Record<string, readonly KeyEvent[]>>;
  readonly retention: Readonly<Record<string, Retention>>;
  /** Properties whose user data collection was acknowledged. */
  readonly acknowledged: readonly string[];
  readonly received: readonly Received[];
  /** Day → how often its figures were worked over. */
  readonly restated: Readonly<Record<string, number>>;
  readonly blur: Blur;
  /** Properties nobody may read any more. */
  readonly closed: readonly string[];
  /** APIs that are switched off in the app's Cloud project. */
  readonly disabled: readonly string[];
}

const MOST_RECEIVED = 500;

export function firstState(): State {
  return {
    version: 2,
    grants: [],
    secrets: {},
    keyEvents: {},
    retention: {},
    acknowledged: [],
    received: [],
    restated: {},
    blur: { thresholds: false, sampling: false, otherRow: false },
    closed: [],
    disabled: [],
  };
}

export function withReceived(state: State, events: readonly Received[]): State {
  return { ...state, received: [...state.received, ...events].slice(-MOST_RECEIVED) };
}
