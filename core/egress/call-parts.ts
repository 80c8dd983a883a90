import type { HttpOptions } from '../sdk/http.ts';
import type { Breakers } from './breaker.ts';
import type { Budgets } from './budget.ts';
import type { Lanes } from './lanes.ts';
import type { Transport } from './transport.ts';

/** What all calls of a process share. */
export interface CallParts {
  readonly transport: Transport;
  readonly budgets: Budgets;
  readonly breakers: Breakers;
  readonly lanes: Lanes;
}

export interface CallInput {
  readonly method: string;
  readonly url: string;
  readonly options: HttpOptions;
}
