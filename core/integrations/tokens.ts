import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { HeldBack } from '../egress/held-back.ts';
import { hubError, ReconnectNeeded } from '../sdk/index.ts';
import type { Credential } from './credential-store.ts';
import { type Integration, labelOf, notActive } from './integration.ts';
import { needOf } from './token-need.ts';
import { type RenewalParts, TokenRenewal } from './token-renewal.ts';

export interface TokensOptions extends RenewalParts {
  /** How long a caller waits for somebody's renewal. Default 45 s. */
  readonly waitMs?: number;
}

export interface TokenWanted {
  /** An access token the provider has just refused. */
  readonly renew?: string | undefined;
}

/** How often a host looks whether another has renewed what its callers wait for. */
const LOOK_MS = 150;
/** Together with a lease still within the shortest grace in which providers answer once more. */
const RECOVER_EVERY_MS = 10_000;
const STOP_MS = 20_000;
const AT_ONCE = 4;
const MOST_SWEPT = 200;

/**
 * Access tokens of OAuth integrations. Whose turn it is to renew one is recorded in the credential's row; everybody else, on
 * any host, waits for the pair that turn commits.
 */
export class Tokens {
  readonly #parts: TokensOptions;
  readonly #renewal: TokenRenewal;
  readonly #reads = new Map<string, Promise<Credential>>();
  readonly #renewals = new Map<string, Promise<string | undefined>>();
  readonly #looks = new Map<string, Promise<undefined>>();
  #recovering: NodeJS.Timeout | undefined;

  constructor(parts: TokensOptions) {
    this.#parts = parts;
    this.#renewal = new TokenRenewal(parts, randomUUID());
  }

  /**
   * A token that is good for a while.
   * @throws ReconnectNeeded when the provider ended the grant, TryLater when it cannot be renewed just now, HeldBack while
   * others try: work that waits for it uses up no attempt
   */
  async accessToken(integration: Integration, wanted: TokenWanted = {}): Promise<string> {
    const deadline = Date.now() + (this.#parts.waitMs ?? 45_000);
    for (;;) {
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
      const renewed = await this.#renewed(integration, credential, deadline).catch((error: unknown) => {
        if (need === 'soon' && hubError(error)?.consequence === 'try-later') return token;
        throw error;
      });
      if (renewed) return renewed;
    }
  }

  /** Renews whatever ends soon, so that nobody has to wait; failures are logged and kept on the integration. */
  async sweep(which: { ending?: boolean } = {}): Promise<void> {
    const due = await this.#parts.credentials.expiring(MOST_SWEPT, which);
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
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  }

  /** From now on ends, every few seconds, what a host that died had begun: an answer that was lost can be had again for a short time only. */
  start(): void {
    this.#recovering ??= setInterval(() => {
      this.sweep({ ending: false }).catch((error: unknown) => this.#parts.log.warn({ err: error }, 'tokens not recovered'));
    }, RECOVER_EVERY_MS).unref();
  }

  /** Waits for what is under way, for a while: what a provider has sent must be kept before the process may end. */
  async stop(): Promise<void> {
    clearInterval(this.#recovering);
    this.#recovering = undefined;
    const patience = new AbortController();
    const late = sleep(STOP_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([Promise.allSettled(this.#renewals.values()), late]);
    patience.abort();
  }

  /** The renewed token; undefined when it is time to read again. @throws HeldBack at the deadline */
  async #renewed(integration: Integration, credential: Credential, deadline: number): Promise<string | undefined> {
    const { id } = integration;
    const left = deadline - Date.now();
    if (left <= 0) throw tooLate(integration);
    const ours = this.#renewals.get(id);
    if (!ours && credential.leaseMs !== null) return shared(this.#looks, id, () => sleep(LOOK_MS));
    // Callers of this process share the attempt, whatever becomes of it.
    const running = ours ?? shared(this.#renewals, id, () => this.#renewal.run(integration, credential));
    const patience = new AbortController();
    const late = sleep(left, undefined, { signal: patience.signal }).then(() => Promise.reject(tooLate(integration)));
    return Promise.race([running, late]).finally(() => patience.abort());
  }

  /** Five hundred callers are one reader. */
  #read({ storeId, id, name }: Integration): Promise<Credential> {
    return shared(this.#reads, id, async () => {
      const credential = await this.#parts.credentials.get({ storeId, integrationId: id });
      if (credential?.method === 'oauth') return credential;
      throw notActive(`${name} is not connected; connect it again.`);
    });
  }

  #open({ storeId, id }: Integration, credential: Credential, field: string): Promise<string> {
    return this.#parts.vault.open({ store: storeId, owner: id, field }, credential.secrets[field] ?? '');
  }
}

/** One attempt for all who ask while it is under way. Without anyone waiting a failure of it must not end the process. */
function shared<T>(underWay: Map<string, Promise<T>>, key: string, work: () => Promise<T>): Promise<T> {
  const known = underWay.get(key);
  if (known) return known;
  const attempt = work().finally(() => underWay.delete(key));
  attempt.catch(() => undefined);
  underWay.set(key, attempt);
  return attempt;
}

function tooLate(integration: Integration): HeldBack {
  return new HeldBack(`Renewing access of ${labelOf(integration)} takes too long; try again later.`);
}

function paused(integration: Integration, leaseMs: number): HeldBack {
  const afterSeconds = Math.ceil(leaseMs / 1000);
  return new HeldBack(`Access of ${labelOf(integration)} could not be renewed a moment ago; trying again in ${afterSeconds} s.`, {
    afterSeconds,
  });
}
