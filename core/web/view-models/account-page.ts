import type { OpenSession } from '../../access/session-list-store.ts';
import type { FactorState } from '../../access/totp.ts';
import { t } from '../words/texts.ts';

export interface AccountPage {
  readonly email: string;
  readonly errors: Readonly<Record<string, string>>;
  readonly factor: FactorState;
  readonly sessions: readonly SessionView[];
}

export interface SessionView {
  readonly id: string;
  readonly device: string;
  readonly ip: string | undefined;
  readonly startedAt: Date | undefined;
  readonly usedAt: Date | undefined;
  readonly current: boolean;
}

export interface FactorPage {
  readonly state: FactorState;
  /** While it is being turned on. */
  readonly secret: string | undefined;
  readonly uri: string | undefined;
  /** New ones, this once. */
  readonly codes: readonly string[] | undefined;
  readonly error: string | undefined;
  readonly required: boolean;
}

export interface LoginCodePage {
  readonly error: string | undefined;
}

export interface ForgotPage {
  /** Does this hub send any? */
  readonly mail: boolean;
  readonly sent: boolean;
}

export interface ResetPage {
  readonly email: string;
  readonly action: string;
  readonly errors: Readonly<Record<string, string>>;
}

export function sessionView({ id, ip, agent, startedAt, usedAt }: OpenSession, own: string): SessionView {
  return { id, device: deviceName(agent), ip, startedAt, usedAt, current: id === own };
}

/** In the order of looking: most browsers also name those they descend from. */
const BROWSERS = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\bOPR\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|HeadlessChrome|CriOS)\//],
  ['Safari', /\bSafari\//],
] as const;
const SYSTEMS = [
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['Linux', /\bLinux\b/],
] as const;

/** `Firefox, Windows`: enough for a person to know their own again. */
export function deviceName(agent = ''): string {
  const found = [BROWSERS, SYSTEMS].map((kinds) => kinds.find(([, pattern]) => pattern.test(agent))?.[0]);
  return found.filter(Boolean).join(', ') || t('account.sessions.unknown');
}
