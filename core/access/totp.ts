import { createHash, randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { NotFound, Rejected } from '../sdk/errors.ts';
import type { Audit } from './audit.ts';
import type { Seal } from './idempotency-keys.ts';
import type { Actor } from './members.ts';
import type { TotpStore } from './totp-store.ts';
import type { UserStore } from './user-store.ts';

interface SecondFactorsParts {
  readonly factors: TotpStore;
  readonly users: UserStore;
  readonly vault: Seal;
  readonly audit: Audit;
  /** What an authenticator app shows beside the address. */
  readonly issuer: string;
}

/** How a code proved somebody. */
export type Proof = 'code' | 'recovery-code';

export interface FactorState {
  readonly on: boolean;
  readonly since: Date | undefined;
  readonly codesLeft: number;
}

const PERIOD_SECONDS = 30;
/** The step before and the one after are taken as well: clocks of phones differ. */
const WINDOW = 1;
const CODES = 10;
/** 80 bits: nobody tries them all, even with the hashes in hand. */
const CODE_BYTES = 10;

/** A code of an authenticator app (RFC 6238), asked for after the password. */
export class SecondFactors {
  readonly #parts: SecondFactorsParts;

  constructor(parts: SecondFactorsParts) {
    this.#parts = parts;
  }

  async state(userId: string): Promise<FactorState> {
    const found = await this.#parts.factors.find(userId);
    if (!found?.confirmedAt) return { on: false, since: undefined, codesLeft: 0 };
    return { on: true, since: found.confirmedAt, codesLeft: found.codesLeft };
  }

  /** A new secret, which guards nothing until {@link confirm}. @throws Rejected (`CONFLICT`) where one is on */
  async begin(userId: string): Promise<void> {
    const secret = new Secret({ size: 20 }).base32;
    if (!(await this.#parts.factors.begin(userId, await this.#parts.vault.seal(place(userId), secret)))) throw isOn();
  }

  /** What the app is to be told, while it is not confirmed; undefined where nothing was begun. */
  async offered({ userId, email }: { userId: string; email: string }): Promise<{ uri: string; secret: string } | undefined> {
    const found = await this.#parts.factors.find(userId);
    if (!found || found.confirmedAt) return undefined;
    const totp = await this.#totp(userId, found.secret, email);
    return { uri: totp.toString(), secret: totp.secret.base32.replace(/(.{4})(?=.)/g, '$1 ') };
  }

  /**
   * Turns it on with a first code, and ends every session of the user.
   * @returns the recovery codes, which are known this once
   * @throws Rejected for a code that is not right, (`CONFLICT`) where it is on already
   */
  async confirm(code: string, { principal, ip }: Actor): Promise<readonly string[]> {
    const { userId } = principal;
    const found = await this.#parts.factors.find(userId);
    if (found?.confirmedAt) throw isOn();
    const step = found && (await this.#step(userId, found.secret, code));
    if (step === undefined) throw wrongCode();
    const codes = newCodes();
    await this.#parts.factors.transaction(async (sql) => {
      if (!(await this.#parts.factors.take(userId, step, sql))) throw wrongCode();
      if (!(await this.#parts.factors.confirm(userId, sql))) throw isOn();
      await this.#parts.factors.setCodes(userId, codes.map(codeHash), sql);
      await this.#parts.users.endSessions(userId, sql);
      await this.#parts.audit.record({ principal, ip, action: 'second-factor.on', target: userId }, sql);
    });
    return codes;
  }

  /** Uses a code of the app, or a recovery code, up. Undefined for one that is wrong or was used. */
  async check(userId: string, given: string): Promise<Proof | undefined> {
    const found = await this.#parts.factors.find(userId);
    if (!found?.confirmedAt) return undefined;
    const step = await this.#step(userId, found.secret, given);
    if (step !== undefined) return (await this.#parts.factors.take(userId, step)) ? 'code' : undefined;
    return (await this.#parts.factors.takeRecovery(userId, codeHash(given))) ? 'recovery-code' : undefined;
  }

  /** The ones before end. @throws NotFound where it is off */
  async renewCodes({ principal, ip }: Actor): Promise<readonly string[]> {
    const { userId } = principal;
    if (!(await this.state(userId)).on) throw isOff();
    const codes = newCodes();
    await this.#parts.factors.transaction(async (sql) => {
      await this.#parts.factors.setCodes(userId, codes.map(codeHash), sql);
      await this.#parts.audit.record({ principal, ip, action: 'second-factor.new-codes', target: userId }, sql);
    });
    return codes;
  }

  /** Also how the operator helps who has lost their phone; ends the user's sessions. @throws NotFound where it is off */
  async remove(userId: string, { principal, ip }: Actor): Promise<void> {
    await this.#parts.factors.transaction(async (sql) => {
      if (!(await this.#parts.factors.remove(userId, sql))) throw isOff();
      await this.#parts.users.endSessions(userId, sql);
      await this.#parts.audit.record({ principal, ip, action: 'second-factor.off', target: userId }, sql);
    });
  }

  /** The time step a code is of. */
  async #step(userId: string, sealed: string, given: string): Promise<number | undefined> {
    const token = given.replace(/\s/g, '');
    if (!/^\d{6}$/.test(token)) return undefined;
    const timestamp = Date.now();
    const delta = (await this.#totp(userId, sealed)).validate({ token, timestamp, window: WINDOW });
    return delta === null ? undefined : Math.floor(timestamp / 1000 / PERIOD_SECONDS) + delta;
  }

  async #totp(userId: string, sealed: string, label = ''): Promise<TOTP> {
    const secret = Secret.fromBase32(await this.#parts.vault.open(place(userId), sealed));
    return new TOTP({ issuer: this.#parts.issuer, label, secret, algorithm: 'SHA1', digits: 6, period: PERIOD_SECONDS });
  }
}

function place(userId: string) {
  return { store: 'hub', owner: `user:${userId}`, field: 'totp' };
}

/** `k7qd-…`: four groups of four, without letters that look alike. */
function newCodes(): string[] {
  return Array.from({ length: CODES }, () => {
    const text = new Secret({ buffer: new Uint8Array(randomBytes(CODE_BYTES)).buffer }).base32.toLowerCase();
    return text.replace(/(.{4})(?=.)/g, '$1-');
  });
}

function codeHash(code: string): string {
  const plain = code.toLowerCase().replace(/[^a-z2-7]/g, '');
  return createHash('sha256').update(plain).digest('base64url');
}

function wrongCode(): Rejected {
  const message = 'This code is not right. Wait for the next one, and see that the clock of your phone is.';
  return new Rejected(message, { code: 'INVALID_CREDENTIALS', fields: [{ pointer: '/code', message }] });
}

function isOn(): Rejected {
  return new Rejected('The second factor is on already.', { code: 'CONFLICT' });
}

function isOff(): NotFound {
  return new NotFound('The second factor is off.');
}
