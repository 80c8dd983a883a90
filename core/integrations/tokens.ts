import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Audit } from '../access/audit.ts';
import { isDatabaseAway } from '../database/transaction.ts';
import type { Log } from '../log.ts';
import { type HubError, hubError, type OAuthTokens, ReconnectNeeded, TryLater } from '../sdk/index.ts';
import type { Vault } from '../vault/secret.ts';
import { needsReconnect } from './attention.ts';
import type { Credential, CredentialStore } from './credential-store.ts';
import { type Integration, labelOf, notActive } from './integration.ts';
import type { IntegrationStore } from './integration-store.ts';
import { lockIntegration } from './lock.ts';
import type { Refresher } from './refresher.ts';
import { needOf } from './token-need.ts';

export interface TokensOptions {
  readonly store: IntegrationStore;
  readonly credentials: CredentialStore;
  readonly vault: Vault;
  readonly refresher: Pick<Refresher, 'refresh'>;
  readonly audit: Audit;
  readonly log: Log;
  /** How long a renewal may take before another host may try; longer than any request to a provider. Default 60 s. */
  readonly leaseMs?: number;
  /** How long a caller waits for someone else's renewal. Default 45 s. */
  readonly waitMs?: number;
}

export interface TokenWanted {
  /** An access token the provider has just refused. */
  readonly renew?: string | undefined;
}

const LONGEST_PAUSE_MS = 60_000;
const KEEP_ATTEMPTS = 8;

/**
 * Access tokens of OAuth integrations. Renewal is recorded in the credential's row: whoever holds the lease on its current
 * version asks the provider, commits the new pair, and only then uses it; everybody else, on any host, waits for that commit.
 */
export class Tokens {
  readonly #parts: TokensOptions;
  readonly #host = randomUUID();
  readonly #underWay = new Map<string, Promise<string>>();

  constructor(parts: TokensOptions) {
    this.#parts = parts;
  }

  /**
   * A token that is good for a while.
   * @throws ReconnectNeeded when the provider ended the grant, TryLater when it cannot be renewed just now
   */
  async accessToken(integration: Integration, wanted: TokenWanted = {}): Promise<string> {
    const deadline = Date.now() + (this.#parts.waitMs ?? 45_000);
    for (let pause = 20; ; pause = Math.min(pause * 2, 400)) {
      const credential = await this.#read(integration);
      const token = await this.#open(integration, credential, 'accessToken');
      const need = wanted.renew === token ? 'now' : needOf(credential, Date.now());
      if (need === 'none') return token;
      if (!credential.secrets['refreshToken']) {
        if (need === 'soon') return token;
        throw new ReconnectNeeded(`The hub cannot renew the sign-in of ${labelOf(integration)}; connect it again.`);
      }
      const busy = credential.leaseMs !== null;
      if (busy && need === 'soon') return token;
      if (busy && credential.leaseOwner === null) throw paused(integration, credential.leaseMs ?? 0);
      const running = this.#underWay.get(integration.id) ?? (busy ? undefined : this.#start(integration, credential));
      if (running) {
        const renewed = await settled(running, need === 'soon' ? token : undefined);
        if (renewed !== undefined) return renewed;
      }
      if (Date.now() > deadline)
        throw new TryLater(`Renewing access of ${labelOf(integration)} takes too long; try again later.`);
      await sleep(pause);
    }
  }

  /** Renews whatever ends soon, so that nobody has to wait; failures are logged and kept on the integration. */
  async sweep(): Promise<void> {
    const due = await this.#parts.credentials.expiring(200);
    const next = async (): Promise<void> => {
      for (let key = due.pop(); key; key = due.pop()) {
        const { storeId, integrationId } = key;
        try {
          await this.accessToken(await this.#parts.store.get(storeId, integrationId));
        } catch (error) {
          this.#parts.log.warn({ integration: integrationId, err: error }, 'token not renewed');
        }
      }
    };
    await Promise.all([next(), next(), next(), next()]);
  }

  async #read({ storeId, id, name }: Integration): Promise<Credential> {
    const credential = await this.#parts.credentials.get({ storeId, integrationId: id });
    if (credential?.method === 'oauth') return credential;
    throw notActive(`${name} is not connected; connect it again.`);
  }

  #open({ storeId, id }: Integration, credential: Credential, field: string): Promise<string> {
    return this.#parts.vault.open({ store: storeId, owner: id, field }, credential.secrets[field] ?? '');
  }

  /** The lease is taken inside: callers of this process share the attempt, whatever becomes of it. */
  #start(integration: Integration, credential: Credential): Promise<string> {
    const attempt = this.#lease(integration, credential).finally(() => this.#underWay.delete(integration.id));
    // Those who wait hear of a failure; without anyone waiting it must not end the process.
    attempt.catch(() => undefined);
    this.#underWay.set(integration.id, attempt);
    return attempt;
  }

  async #lease(integration: Integration, seen: Credential): Promise<string> {
    const credential = await this.#parts.credentials.lease(seen, this.#host, this.#parts.leaseMs ?? 60_000);
    if (!credential) return '';
    try {
      const secrets = await this.#parts.vault.openAll({ store: integration.storeId, owner: integration.id }, credential.secrets);
      const pair = await this.#parts.refresher.refresh(integration, secrets);
      return await this.#keep(integration, credential, { refreshToken: secrets['refreshToken'] ?? '', ...pair });
    } catch (error) {
      return this.#failed(integration, credential, error);
    }
  }

  /** The provider may already have ended the old pair, so a database that is briefly away is waited for. */
  async #keep(integration: Integration, credential: Credential, pair: OAuthTokens): Promise<string> {
    const { storeId, id } = integration;
    const { accessToken, refreshToken = '', expiresInSeconds } = pair;
    const sealed = await this.#parts.vault.sealAll({ store: storeId, owner: id }, { accessToken, refreshToken });
    const secrets = { ...credential.secrets, ...sealed };
    const expiresAt = expiresInSeconds === undefined ? undefined : new Date(Date.now() + expiresInSeconds * 1000);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#commit(integration, credential, { accessToken, sealed: { secrets, expiresAt } });
      } catch (error) {
        if (attempt === KEEP_ATTEMPTS || !isDatabaseAway(error)) throw error;
        await sleep(Math.min(100 * 2 ** attempt, 5000));
      }
    }
  }

  #commit(
    integration: Integration,
    credential: Credential,
    pair: { accessToken: string; sealed: { secrets: Record<string, string>; expiresAt: Date | undefined } },
  ): Promise<string> {
    const { store, credentials, audit } = this.#parts;
    return store.transaction(async (sql) => {
      await lockIntegration(sql, integration);
      if (!(await credentials.renew(credential, pair.sealed, sql))) return '';
      await store.heal(integration, 'RECONNECT_NEEDED', sql);
      const { storeId, id } = integration;
      await audit.record({ storeId, actor: 'system', action: 'credential.refresh', target: id }, sql);
      return pair.accessToken;
    });
  }

  async #failed(integration: Integration, credential: Credential, error: unknown): Promise<string> {
    const { store, credentials, audit } = this.#parts;
    const known = hubError(error);
    if (known?.consequence !== 'reconnect-needed') {
      await credentials.pause(credential, this.#host, pauseMs(credential, known)).catch(() => undefined);
      throw error;
    }
    const gone = await store.transaction(async (sql) => {
      await lockIntegration(sql, integration);
      const refused = await credentials.refuse(credential, this.#host, sql);
      if (refused) await needsReconnect({ store, audit }, integration, known.message, sql);
      return refused;
    });
    if (gone) throw error;
    return '';
  }
}

/** The renewed token; the old one where that still does; undefined when another host was first: read again. */
async function settled(running: Promise<string>, stillGood: string | undefined): Promise<string | undefined> {
  try {
    return (await running) || undefined;
  } catch (error) {
    if (stillGood !== undefined && hubError(error)?.consequence === 'try-later') return stillGood;
    throw error;
  }
}

function pauseMs({ refreshFailures }: Credential, error: HubError | undefined): number {
  return error?.afterSeconds === undefined ? Math.min(1000 * 2 ** refreshFailures, LONGEST_PAUSE_MS) : error.afterSeconds * 1000;
}

function paused(integration: Integration, leaseMs: number): TryLater {
  const afterSeconds = Math.ceil(leaseMs / 1000);
  return new TryLater(`Access of ${labelOf(integration)} could not be renewed a moment ago; trying again in ${afterSeconds} s.`, {
    afterSeconds,
  });
}
