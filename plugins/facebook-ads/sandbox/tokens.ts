import { createHmac, randomBytes } from 'node:crypto';
import { AuthorizationCodes, type CodeFault, hashOf } from 'patchbay/simulator';
import { deadToken, Refusal } from './answers.ts';
import { DEMO_APP_SECRET, DEMO_LOGIN_TOKEN, DEMO_SYSTEM_TOKEN, NORA, REPORTS, SCOPES } from './demo.ts';

const SHORT_SECONDS = 5_400;
export const LONG_SECONDS = 5_183_944;

export interface Token {
  readonly user: string;
  readonly kind: 'short' | 'long' | 'system' | 'page';
  readonly page?: string;
  /** Milliseconds; 0 for never. */
  expires: number;
  /** Why it ended, by the provider's subcode. */
  dead?: number;
}

export interface Saved {
  readonly tokens: Record<string, Token>;
  /** Person → scopes that were allowed; declined ones are missing. */
  readonly granted: Record<string, string[]>;
}

export interface Issued {
  readonly access_token: string;
  readonly token_type: 'bearer';
  readonly expires_in: number;
}

const CODE_FAULTS: Readonly<Record<CodeFault, { message: string; subcode: number }>> = {
  unknown: { message: 'Invalid verification code format.', subcode: 36_008 },
  used: { message: 'This authorization code has been used.', subcode: 36_009 },
  expired: { message: 'This authorization code has expired.', subcode: 36_007 },
  redirect_uri: {
    message:
      'Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request',
    subcode: 36_008,
  },
  code_verifier: { message: 'Invalid code_verifier', subcode: 36_008 },
};

/** Codes and tokens of logins, and what people allowed the app. */
export class Tokens {
  readonly saved: Saved;
  /** For whom they are. */
  readonly #codes = new AuthorizationCodes<string>({ sparesMismatch: true });
  readonly #changed: () => void;

  constructor(saved: Saved | undefined, given: { now: number; changed: () => void }) {
    this.#changed = given.changed;
    this.saved = saved ?? {
      tokens: {
        [hashOf(DEMO_LOGIN_TOKEN)]: { user: NORA.id, kind: 'long', expires: given.now + LONG_SECONDS * 1000 },
        [hashOf(DEMO_SYSTEM_TOKEN)]: { user: REPORTS.id, kind: 'system', expires: 0 },
      },
      granted: { [NORA.id]: [...SCOPES], [REPORTS.id]: [...SCOPES] },
    };
  }

  newCode(given: { user: string; redirectUri: string; scopes: readonly string[]; now: number }): string {
    this.saved.granted[given.user] = [...given.scopes];
    return this.#codes.issue(given.user, { ...given, prefix: 'AQ' });
  }

  /** The short-lived token for a code. */
  redeem(code: string, redirectUri: string, now: number): Issued {
    const { given: user, fault } = this.#codes.redeem(code, { redirectUri, now });
    if (user === undefined || fault) throw new Refusal({ code: 100, ...CODE_FAULTS[fault ?? 'unknown'] });
    return this.#issue({ user, kind: 'short' }, { now, seconds: SHORT_SECONDS });
  }

  /** A token of about 60 days for one that still lives. */
  exchange(token: string, now: number): Issued {
    const found = this.require(token, now);
    if (found.kind === 'page') throw deadToken();
    return this.#issue({ user: found.user, kind: 'long' }, { now, seconds: LONG_SECONDS });
  }

  /** @throws Refusal for a token that is unknown, expired or ended */
  require(token: string, now: number): Token {
    const found = this.saved.tokens[hashOf(token)];
    if (!found) throw deadToken();
    if (found.dead) throw deadToken(found.dead);
    if (found.expires && found.expires < now) throw deadToken(463);
    return found;
  }

  find(token: string): Token | undefined {
    return this.saved.tokens[hashOf(token)];
  }

  /** The same token of a page each time, as long as the person's lives. */
  pageToken(user: string, page: string): string {
    const mark = createHmac('sha256', DEMO_APP_SECRET).update(`${user}:${page}`).digest('hex');
    const token = `EAAPage${mark}`;
    const known = this.saved.tokens[hashOf(token)];
    if (!known || known.dead) {
      this.saved.tokens[hashOf(token)] = { user, kind: 'page', page, expires: 0 };
      this.#changed();
    }
    return token;
  }

  granted(user: string): readonly string[] {
    return this.saved.granted[user] ?? [];
  }

  decline(user: string, scope: string): void {
    this.saved.granted[user] = this.granted(user).filter((one) => one !== scope);
    this.#changed();
  }

  /** Ends tokens for a reason; how many logins that touched. */
  end(subcode: number, which: (token: Token) => boolean): number {
    const hit = Object.values(this.saved.tokens).filter((token) => !token.dead && which(token));
    for (const token of hit) token.dead = subcode;
    this.#changed();
    return hit.filter(({ kind }) => kind !== 'page').length;
  }

  /** All tokens of logins, or of system users, end at this moment (milliseconds; 0 for never). */
  endAt(moment: number, which: 'long' | 'system' = 'long'): number {
    const hit = Object.values(this.saved.tokens).filter(({ kind, dead }) => kind === which && !dead);
    for (const token of hit) token.expires = moment;
    this.#changed();
    return hit.length;
  }

  #issue(token: Omit<Token, 'expires'>, { now, seconds }: { now: number; seconds: number }): Issued {
    const text = `EAA${randomBytes(60).toString('hex')}`;
    this.saved.tokens[hashOf(text)] = { ...token, expires: now + seconds * 1000 };
    this.#changed();
    return { access_token: text, token_type: 'bearer', expires_in: seconds };
  }
}
