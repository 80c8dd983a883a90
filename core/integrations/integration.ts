import { type Account, Rejected } from '../sdk/index.ts';
import type { ConflictRule, IntegrationStatus, Method } from './integration-entity.ts';

/** One store's connection to one account at a provider. Holds no secret. */
export interface Integration {
  readonly id: string;
  readonly storeId: string;
  readonly pluginId: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly status: IntegrationStatus;
  readonly enabled: boolean;
  /** Why it needs attention or was disconnected: an error code of the API. */
  readonly reasonCode: string | undefined;
  /** The same in words for the store owner. */
  readonly message: string | undefined;
  readonly method: Method;
  readonly account: Account | undefined;
  readonly config: Readonly<Record<string, unknown>>;
  /** The plugin's `configVersion` when they were saved. */
  readonly configVersion: number;
  /** Stream → how many records the provider said it holds at the last test. */
  readonly counts: Readonly<Record<string, number>>;
  readonly conflictRule: ConflictRule;
  readonly sandbox: boolean;
  readonly webhookKey: string;
  readonly webhookSubscription: string | undefined;
  /** Why changes are not reported as they happen, in words; the rest works. */
  readonly webhookProblem: string | undefined;
  readonly connectedAt: Date | undefined;
  readonly lastTestedAt: Date | undefined;
  readonly lastSyncedAt: Date | undefined;
  readonly lastEventAt: Date | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What may be written of an integration; `undefined` leaves a column as it is, `null` empties it. */
export interface IntegrationChange {
  readonly name?: string;
  readonly description?: string | null;
  readonly status?: IntegrationStatus;
  readonly enabled?: boolean;
  readonly reasonCode?: string | null;
  readonly message?: string | null;
  readonly method?: Method;
  readonly account?: Account;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly configVersion?: number;
  readonly configSecrets?: Readonly<Record<string, string>>;
  readonly counts?: Readonly<Record<string, number>>;
  readonly conflictRule?: ConflictRule;
  readonly sandbox?: boolean;
  readonly connectedAt?: Date;
  readonly lastTestedAt?: Date;
  readonly lastSyncedAt?: Date;
  readonly lastEventAt?: Date;
  readonly removedAt?: Date | null;
}

export interface NewIntegration extends IntegrationChange {
  readonly id: string;
  readonly storeId: string;
  readonly pluginId: string;
  readonly name: string;
  readonly method: Method;
  readonly status: IntegrationStatus;
  readonly webhookKey: string;
}

/** What people know it by: the account, or its name while there is none. */
export function labelOf({ account, name }: Pick<Integration, 'account' | 'name'>): string {
  return account?.label ?? name;
}

/** Why nothing can be done with it now, and what would help; undefined when something can. */
export function whyInactive({ status, enabled, name, message }: Integration): string | undefined {
  if (status === 'pending') return `${name} is not connected yet; connect it first.`;
  if (status === 'disconnected') return `${name} is disconnected; connect it again.`;
  if (status === 'error') return `${name} needs attention: ${message ?? 'connect it again.'}`;
  return enabled ? undefined : `${name} is paused; resume it first.`;
}

export function notActive(message: string): Rejected {
  return new Rejected(message, { code: 'INTEGRATION_NOT_ACTIVE' });
}
