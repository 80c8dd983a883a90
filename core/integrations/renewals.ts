import type { Audit } from '../access/audit.ts';
import type { Log } from '../log.ts';
import type { Registry } from '../plugins/registry.ts';
import type { Manifest, OAuth2 } from '../sdk/index.ts';
import { forewarn, needsReconnect } from './attention.ts';
import type { CredentialStore, Ending } from './credential-store.ts';
import { labelOf } from './integration.ts';
import type { Integration, IntegrationStore } from './integration-store.ts';

export interface RenewalsOptions {
  readonly store: IntegrationStore;
  readonly credentials: Pick<CredentialStore, 'ending'>;
  readonly plugins: Pick<Registry, 'templates'>;
  readonly audit: Audit;
  readonly log: Log;
}

/** Permissions that nothing renews but the owner's consent, and keys with an end: asks for it in time, and says so when they have ended. */
export class Renewals {
  readonly #parts: RenewalsOptions;

  constructor(parts: RenewalsOptions) {
    this.#parts = parts;
  }

  /** What was said stays until the account is connected again; nothing asks the provider. */
  async sweep(): Promise<void> {
    for (const ending of await this.#parts.credentials.ending(this.#warnDays(), 200)) {
      try {
        await this.#say(ending);
      } catch (error) {
        this.#parts.log.warn({ integration: ending.integrationId, err: error }, 'the end of a permission was not said');
      }
    }
  }

  async #say({ storeId, integrationId, expiresAt, ended }: Ending): Promise<void> {
    const { store } = this.#parts;
    const integration = await store.get(storeId, integrationId);
    const day = dayOf(expiresAt);
    await store.transaction((sql) =>
      ended
        ? needsReconnect(
            this.#parts,
            integration,
            integration.method === 'manual'
              ? `The keys of ${labelOf(integration)} ended on ${day}; connect it again with new ones.`
              : `The permission of ${labelOf(integration)} ended on ${day}; connect it again.`,
            sql,
          )
        : forewarn(sql, integration, askedBefore(expiresAt, integration.method)),
    );
  }

  /** Plugin → days before the end. */
  #warnDays(): Map<string, number> {
    const known = this.#parts.plugins.templates().flatMap(({ id, loaded }) => {
      const renewal = loaded?.plugin.handlers && renewalOf(loaded.plugin.manifest);
      return renewal ? [[id, renewal.warnDays] as const] : [];
    });
    return new Map(known);
  }
}

/** How a permission of this plugin is renewed, where its owner has to. */
export function renewalOf(manifest: Manifest): OAuth2['renewal'] {
  return manifest.auth.find((way): way is OAuth2 => way.method === 'oauth')?.renewal;
}

/** What its owner is told ahead of the end. */
export function askedBefore(expiresAt: Date, method: Integration['method']): string {
  return `Connect again${method === 'manual' ? ' with new keys' : ''} before ${dayOf(expiresAt)}.`;
}

function dayOf(date: Date): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(date);
}
