import { setTimeout as sleep } from 'node:timers/promises';
import type { Audit } from '../access/audit.ts';
import { isDatabaseAway } from '../database/transaction.ts';
import type { Log } from '../log.ts';
import { type HubError, hubError, type OAuthTokens } from '../sdk/index.ts';
import type { Vault } from '../vault/secret.ts';
import { heal, needsReconnect } from './attention.ts';
import type { Credential, CredentialStore } from './credential-store.ts';
import type { Integration } from './integration.ts';
import type { IntegrationStore } from './integration-store.ts';
import { lockIntegration } from './lock.ts';
import type { Refresher } from './refresher.ts';
import { isInterrupted } from './token-need.ts';

export interface RenewalParts {
  readonly store: IntegrationStore;
  readonly credentials: CredentialStore;
  readonly vault: Vault;
  readonly refresher: Pick<Refresher, 'refresh'>;
  readonly audit: Audit;
  readonly log: Log;
  /** How long a host may be silent before another takes its turn over. Default 15 s: graces of 30 s are the shortest known. */
  readonly leaseMs?: number;
  /** How long whoever takes a turn over waits for what the one before may still hold. Default 1 s. */
  readonly lastCallMs?: number;
}

const LEASE_MS = 15_000;
const LAST_CALL_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5 * 60_000;
const MOST_SPREAD_MS = 60_000;
/** A pair exists nowhere but here until the database is back. */
const HOLD_PAIR_MS = 10 * 60_000;
const KEEP_PAUSE_MS = 500;

/**
 * One turn at renewing a token: take the lease, ask the provider, commit the new pair before anything else is done with it.
 * The turn's number is its fence. Whoever lost the lease unawares may still hand in what the provider sent, until a later
 * turn has brought a pair.
 */
export class TokenRenewal {
  readonly #parts: RenewalParts;
  readonly #host: string;

  constructor(parts: RenewalParts, host: string) {
    this.#parts = parts;
    this.#host = host;
  }

  /**
   * @returns the new access token, committed; undefined when another was first: read again
   * @throws ReconnectNeeded when the provider ended the grant, TryLater when it cannot be renewed just now
   */
  async run(integration: Integration, seen: Credential): Promise<string | undefined> {
    const { credentials, vault, refresher, leaseMs = LEASE_MS } = this.#parts;
    const lease = await credentials.lease(seen, this.#host, leaseMs);
    if (!lease || (isInterrupted(seen) && !(await this.#hearOut(lease)))) return undefined;
    const beat = setInterval(() => credentials.hold(lease, leaseMs).catch(() => undefined), leaseMs / 5);
    try {
      const secrets = await vault.openAll({ store: integration.storeId, owner: integration.id }, lease.secrets);
      const pair = await refresher.refresh(integration, secrets);
      return await this.#keep(integration, lease, pair);
    } catch (error) {
      return await this.#failed(integration, lease, error);
    } finally {
      clearInterval(beat);
    }
  }

  /** Whoever had the turn before may be alive after all, with a pair that could not be kept. @returns whether nothing came */
  async #hearOut(lease: Credential): Promise<boolean> {
    const { credentials, leaseMs = LEASE_MS, lastCallMs = 1000 } = this.#parts;
    for (const until = Date.now() + lastCallMs; Date.now() < until; await sleep(LAST_CALL_PAUSE_MS)) {
      if (!(await credentials.hold(lease, leaseMs))) return false;
    }
    return credentials.hold(lease, leaseMs);
  }

  /** The provider may already have ended the old pair, so a database that is away is waited for. */
  async #keep(integration: Integration, lease: Credential, pair: OAuthTokens): Promise<string | undefined> {
    const { accessToken, refreshToken, expiresInSeconds } = pair;
    const place = { store: integration.storeId, owner: integration.id };
    const secrets = await this.#parts.vault.sealAll(place, { accessToken, ...(refreshToken && { refreshToken }) });
    const expiresAt = expiresInSeconds === undefined ? undefined : new Date(Date.now() + expiresInSeconds * 1000);
    const giveUpAt = Date.now() + HOLD_PAIR_MS;
    for (;;) {
      try {
        if (!(await this.#parts.credentials.renew(lease, { secrets, expiresAt }))) return undefined;
        await this.#renewed(integration);
        return accessToken;
      } catch (error) {
        if (Date.now() > giveUpAt || !isDatabaseAway(error)) throw error;
        await sleep(KEEP_PAUSE_MS);
      }
    }
  }

  /** The pair is safe; what fails here must not take it from those who wait for it. */
  async #renewed(integration: Integration): Promise<void> {
    const { store, audit, log } = this.#parts;
    const { storeId, id } = integration;
    try {
      await store.transaction(async (sql) => {
        await lockIntegration(sql, integration);
        await heal(integration, 'RECONNECT_NEEDED', sql);
        await audit.record({ storeId, actor: 'system', action: 'credential.refresh', target: id }, sql);
      });
    } catch (error) {
      log.warn({ integration: id, err: error }, 'a renewed token was kept, and not recorded');
    }
  }

  async #failed(integration: Integration, lease: Credential, error: unknown): Promise<undefined> {
    const { store, credentials, audit } = this.#parts;
    const known = hubError(error);
    if (known?.consequence !== 'reconnect-needed') {
      await credentials.pause(lease, { pauseMs: pauseMs(lease, known), message: known?.message }).catch(() => undefined);
      throw error;
    }
    const message = isRetry(lease) ? `${known.message} The hub was interrupted while it renewed access.` : known.message;
    const gone = await store.transaction(async (sql) => {
      await lockIntegration(sql, integration);
      const refused = await credentials.refuse(lease, message, sql);
      if (refused) await needsReconnect({ audit }, integration, message, sql);
      return refused;
    });
    if (gone) throw error;
    return undefined;
  }
}

/** The refresh token was shown before, by a turn nobody heard the end of: a provider that rotates may take that for theft. */
function isRetry({ refreshOutcome }: Credential): boolean {
  return refreshOutcome === 'interrupted';
}

/** Longer each time, and never at the same moment for all who were refused at the same moment. */
function pauseMs({ refreshFailures }: Credential, error: HubError | undefined): number {
  const spread = Math.random();
  if (error?.afterSeconds !== undefined)
    return error.afterSeconds * 1000 + spread * Math.min(error.afterSeconds * 100, MOST_SPREAD_MS);
  return Math.min(1000 * 2 ** refreshFailures, LONGEST_PAUSE_MS) * (0.75 + spread / 2);
}
