import { delimiter, resolve } from 'node:path';
import { type Ring, readKeys } from './config-keys.ts';
import { type MailSettings, readMail } from './config-mail.ts';
import { checkProduction, isProduction } from './config-production.ts';
import { readPublicUrl, readTrustProxy } from './config-reach.ts';
import { readSessions, type SessionSettings } from './config-sessions.ts';
import { ConfigError, type Env, flag, list, oneOf, parseObject, parseUrl, text, wholeNumber } from './config-values.ts';

export type { RingKey } from './config-keys.ts';
export type { RequireSecondFactor } from './config-sessions.ts';
export { ConfigError } from './config-values.ts';

const GRADES = ['none', 'bronze', 'silver', 'gold'] as const;

/** Everything the hub reads from its environment, checked once. Nothing else may read `process.env`. */
export interface Config extends SessionSettings {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  /** Without a trailing slash; appears in redirect URIs and webhook URLs. */
  readonly publicUrl: string;
  /** Undefined: the embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  /** The first key encrypts, all decrypt. */
  readonly keys: Ring;
  /** Where the ring is kept; undefined when `HUB_KEYS` gives it. */
  readonly keyFile: string | undefined;
  readonly admin: { readonly email: string; readonly password: string } | undefined;
  readonly pluginDirs: readonly string[];
  /** Plugins of a lower grade are not loaded. */
  readonly pluginMinimumGrade: Grade;
  readonly sandbox: boolean;
  /** Outbound host name → base URL without a trailing slash. */
  readonly egressMap: ReadonlyMap<string, string>;
  readonly egressAllowPrivate: readonly string[];
  /** Where connect links may lead back to: URLs, each with all that begins like it. */
  readonly connectReturnUrls: readonly string[];
  readonly roles: readonly Role[];
  /** As Express defines `trust proxy`: hops, names or addresses. */
  readonly trustProxy: number | string | undefined;
  readonly brand: Brand;
  readonly mail: MailSettings;
  readonly logLevel: string;
  readonly metricsToken: string | undefined;
  /** `ACME_CLIENT_ID` → value: whatever a plugin's `app` form may ask for. */
  readonly pluginEnv: Readonly<Record<string, string>>;
}
export type Role = 'web' | 'worker';
export type Grade = (typeof GRADES)[number];
export interface Brand {
  readonly name: string;
  readonly logoUrl: string | undefined;
  readonly color: string | undefined;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/**
 * Reads and checks the settings. Outside production a missing key ring is made once in
 * `DATA_DIR/keys` (mode 0600), so that a first try needs no settings at all.
 * @throws ConfigError naming the setting at fault
 */
export function readConfig(env: Env = process.env): Config {
  const production = isProduction(env);
  const host = text(env, 'HOST') ?? '127.0.0.1';
  const port = wholeNumber(env, 'PORT', { fallback: 3000, min: 0, max: 65535 });
  const dataDir = resolve(text(env, 'DATA_DIR') ?? './data');
  const { keys, keyFile } = readKeys(env, production, dataDir);
  if (production) checkProduction(env);
  return {
    production,
    host,
    port,
    publicUrl: readPublicUrl(env, { production, host, port }),
    databaseUrl: readDatabaseUrl(env),
    dataDir,
    keys,
    keyFile,
    ...readSessions(env, keys),
    admin: readAdmin(env),
    pluginDirs: (text(env, 'PLUGIN_DIRS') ?? './plugins').split(delimiter).map((dir) => resolve(dir)),
    pluginMinimumGrade: oneOf(env, 'PLUGIN_MINIMUM_GRADE', { allowed: GRADES, fallback: 'none' }) as Grade,
    sandbox: flag(env, 'SANDBOX', !production),
    egressMap: readEgressMap(env, production),
    egressAllowPrivate: list(env, 'EGRESS_ALLOW_PRIVATE'),
    connectReturnUrls: list(env, 'CONNECT_RETURN_URLS').map(
      (url) => parseUrl('CONNECT_RETURN_URLS', url, production ? ['https:'] : ['http:', 'https:']).href,
    ),
    roles: readRoles(env),
    trustProxy: readTrustProxy(env),
    brand: readBrand(env),
    mail: readMail(env),
    logLevel: oneOf(env, 'LOG_LEVEL', { allowed: LOG_LEVELS, fallback: 'info' }),
    metricsToken: text(env, 'METRICS_TOKEN'),
    pluginEnv: Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => Boolean(pair[1]))),
  };
}

function readDatabaseUrl(env: Env): string | undefined {
  const given = text(env, 'DATABASE_URL');
  if (given) parseUrl('DATABASE_URL', given, ['postgres:', 'postgresql:']);
  return given;
}

function readAdmin(env: Env): Config['admin'] {
  const email = text(env, 'ADMIN_EMAIL');
  const password = env['ADMIN_PASSWORD'];
  if (!email && !password) return undefined;
  if (!email || !password) throw new ConfigError('ADMIN_EMAIL and ADMIN_PASSWORD go together; set both or neither.');
  return { email, password };
}

function readEgressMap(env: Env, production: boolean): ReadonlyMap<string, string> {
  const given = text(env, 'EGRESS_MAP');
  if (!given) return new Map();
  if (production && !flag(env, 'EGRESS_MAP_IN_PRODUCTION', false)) {
    throw new ConfigError('EGRESS_MAP is refused in production; remove it, or set EGRESS_MAP_IN_PRODUCTION=1 if it is meant.');
  }
  const entries = Object.entries(parseObject('EGRESS_MAP', given)).map(([from, to]) => {
    if (typeof to !== 'string') throw new ConfigError(`EGRESS_MAP: the value for ${from} is not a URL.`);
    return [from.toLowerCase(), parseUrl(`EGRESS_MAP (${from})`, to, ['http:', 'https:']).href.replace(/\/+$/, '')] as const;
  });
  return new Map(entries);
}

function readRoles(env: Env): readonly Role[] {
  const roles = list(env, 'ROLES');
  if (roles.length === 0) return ['web', 'worker'];
  for (const role of roles) {
    if (role !== 'web' && role !== 'worker') throw new ConfigError(`ROLES names "${role}"; it may hold web, worker or both.`);
  }
  return roles as Role[];
}

function readBrand(env: Env): Brand {
  const color = text(env, 'BRAND_COLOR');
  if (color && !/^#[0-9a-f]{6}$/i.test(color)) throw new ConfigError('BRAND_COLOR must be a colour such as #1f6feb.');
  const logoUrl = text(env, 'BRAND_LOGO_URL');
  if (logoUrl) parseUrl('BRAND_LOGO_URL', logoUrl, ['http:', 'https:']);
  return { name: text(env, 'BRAND_NAME') ?? 'Patchbay', logoUrl, color };
}
