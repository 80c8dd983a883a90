import { createHash, createHmac, randomBytes } from 'node:crypto';
import { deadToken, Refusal } from './answers.ts';
import { DEMO_APP_SECRET, DEMO_LOGIN_TOKEN, DEMO_SYSTEM_TOKEN, NORA, REPORTS, SCOPES } from './demo.ts';

const SHORT_SECONDS = 5_400;
export const LONG_SECONDS = 5_183_944;
const CODE_MS = 10 * 60_000;

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

interface Code {
  readonly user: string;
  readonly redirectUri: string;
  readonly expires: number;
  used: boolean;
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url');

/** Codes and tokens of logins, and what people allowed the app. */
export class Tokens {
  readonly saved: Saved;
  readonly #codes = new Map<string, Code>();
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
    const code = `AQ${randomBytes(40).toString('base64url')}`;
    this.saved.granted[given.user] = [...given.scopes];
    this.#codes.set(code, { user: given.user, redirectUri: given.redirectUri, expires: given.now + CODE_MS, used: false });
    return code;
  }

  /** The short-lived token for a code. */
  redeem(code: string, redirectUri: string, now: number): Issued {
    const found = this.#codes.get(code);
    const refuse = (message: string, subcode: number) => new Refusal({ code: 100, subcode, message });
    if (!found) throw refuse('Invalid verification code format.', 36_008);
    if (found.used) throw refuse('This authorization code has been used.', 36_009);
    if (found.expires < now) throw refuse('This authorization code has expired.', 36_007);
    if (found.redirectUri !== redirectUri) {
      throw refuse(
        'Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request',
        36_008,
      );
    }
    found.used = true;
    return this.#issue({ user: found.user, kind: 'short' }, { now, seconds: SHORT_SECONDS });
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
