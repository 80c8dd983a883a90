import { createHash, createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** One 256-bit key of the ring. `kid` names it in every ciphertext it made. */
export interface RingKey {
  readonly kid: string;
  readonly key: Buffer;
}

/** Everything the hub reads from its environment, checked once. Nothing else may read `process.env`. */
export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  /** Without a trailing slash; appears in redirect URIs and webhook URLs. */
  readonly publicUrl: string;
  /** Undefined: the embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  /** The first key encrypts, all decrypt. */
  readonly keys: readonly [RingKey, ...RingKey[]];
  readonly sessionSecret: string;
  readonly admin: { readonly email: string; readonly password: string } | undefined;
  readonly pluginDirs: readonly string[];
  readonly sandbox: boolean;
  /** Outbound host name → base URL without a trailing slash. */
  readonly egressMap: ReadonlyMap<string, string>;
  readonly egressAllowPrivate: readonly string[];
  readonly roles: readonly Role[];
  /** As Express defines `trust proxy`: hops, names or addresses. */
  readonly trustProxy: number | string | undefined;
  readonly brand: Brand;
  readonly logLevel: string;
  readonly metricsToken: string | undefined;
  /** `LEADCONNECTOR_CLIENT_ID` → value: whatever a plugin's `app` form may ask for. */
  readonly pluginEnv: Readonly<Record<string, string>>;
}
export type Role = 'web' | 'worker';
export interface Brand {
  readonly name: string;
  readonly logoUrl: string | undefined;
  readonly color: string | undefined;
}

/** A setting is missing or wrong; the message names it and says what to set. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks the settings of design section 4. Outside production a missing key ring is made once in
 * `DATA_DIR/keys` (mode 0600), so that a first try needs no settings at all.
 * @throws ConfigError naming the setting at fault
 */
export function readConfig(env: Env = process.env): Config {
  const production = env['NODE_ENV'] === 'production';
  const host = text(env, 'HOST') ?? '127.0.0.1';
  const port = wholeNumber(env, 'PORT', 3000, 0, 65535);
  const dataDir = resolve(text(env, 'DATA_DIR') ?? './data');
  const keys = readKeys(env, production, dataDir);
  return {
    production,
    host,
    port,
    publicUrl: readPublicUrl(env, production, host, port),
    databaseUrl: readDatabaseUrl(env),
    dataDir,
    keys,
    sessionSecret: text(env, 'SESSION_SECRET') ?? createHmac('sha256', keys[0].key).update('session').digest('base64url'),
    admin: readAdmin(env),
    pluginDirs: (text(env, 'PLUGIN_DIRS') ?? './plugins').split(delimiter).map((dir) => resolve(dir)),
    sandbox: flag(env, 'SANDBOX', !production),
    egressMap: readEgressMap(env, production),
    egressAllowPrivate: list(env, 'EGRESS_ALLOW_PRIVATE'),
    roles: readRoles(env),
    trustProxy: readTrustProxy(env),
    brand: readBrand(env),
    logLevel: oneOf(env, 'LOG_LEVEL', ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info'),
    metricsToken: text(env, 'METRICS_TOKEN'),
    pluginEnv: Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => Boolean(pair[1]))),
  };
}

/** A copy of `config` that may be printed: every secret is replaced by how long it is. */
export function maskConfig(config: Config): Record<string, unknown> {
  const mask = (value: string | undefined) => (value === undefined ? undefined : `•••• (${value.length} characters)`);
  const { pluginEnv: _, ...rest } = config;
  return {
    ...rest,
    databaseUrl: config.databaseUrl?.replace(/\/\/([^:@/]*):[^@/]*@/, '//$1:••••@'),
    keys: config.keys.map(({ kid }) => kid),
    sessionSecret: mask(config.sessionSecret),
    admin: config.admin && { email: config.admin.email, password: mask(config.admin.password) },
    egressMap: Object.fromEntries(config.egressMap),
    metricsToken: mask(config.metricsToken),
  };
}

function text(env: Env, name: string): string | undefined {
  const value = env[name]?.trim();
  return value ? value : undefined;
}

function list(env: Env, name: string): string[] {
  return (text(env, name) ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}

function flag(env: Env, name: string, fallback: boolean): boolean {
  const value = text(env, name);
  if (value === undefined) return fallback;
  if (['1', 'true', 'yes', 'on'].includes(value.toLowerCase())) return true;
  if (['0', 'false', 'no', 'off'].includes(value.toLowerCase())) return false;
  throw new ConfigError(`${name} is "${value}"; set it to 1 or 0.`);
}

function wholeNumber(env: Env, name: string, fallback: number, min: number, max: number): number {
  const value = text(env, name);
  if (value === undefined) return fallback;
  const parsed = Number(value);
  if (Number.isInteger(parsed) && parsed >= min && parsed <= max) return parsed;
  throw new ConfigError(`${name} is "${value}"; set it to a whole number from ${min} to ${max}.`);
}

function oneOf(env: Env, name: string, allowed: readonly string[], fallback: string): string {
  const value = text(env, name) ?? fallback;
  if (allowed.includes(value)) return value;
  throw new ConfigError(`${name} is "${value}"; set it to one of ${allowed.join(', ')}.`);
}

function readPublicUrl(env: Env, production: boolean, host: string, port: number): string {
  const given = text(env, 'PUBLIC_URL');
  if (!given && production) throw new ConfigError('PUBLIC_URL is missing; set it to the https address people reach this hub at.');
  const shown = host.includes(':') ? `[${host}]` : host;
  const url = parseUrl('PUBLIC_URL', given ?? `http://${shown}:${port}`, ['http:', 'https:']);
  if (production && url.protocol !== 'https:') throw new ConfigError('PUBLIC_URL must begin with https:// in production.');
  return url.href.replace(/\/+$/, '');
}

function readDatabaseUrl(env: Env): string | undefined {
  const given = text(env, 'DATABASE_URL');
  if (given) parseUrl('DATABASE_URL', given, ['postgres:', 'postgresql:']);
  return given;
}

function parseUrl(name: string, value: string, protocols: readonly string[]): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url && protocols.includes(url.protocol)) return url;
  throw new ConfigError(`${name} is not a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}.`);
}

function readKeys(env: Env, production: boolean, dataDir: string): readonly [RingKey, ...RingKey[]] {
  const given = text(env, 'HUB_KEYS');
  if (given) return parseKeys(given);
  if (production) {
    throw new ConfigError(
      'HUB_KEYS is missing; set it to kid:base64 of 32 random bytes, for example k1:$(openssl rand -base64 32), and keep a copy.',
    );
  }
  return parseKeys(generatedKeys(dataDir));
}

function generatedKeys(dataDir: string): string {
  const file = join(dataDir, 'keys');
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const key = randomBytes(32);
    const kid = createHash('sha256').update(key).digest('hex').slice(0, 8);
    try {
      writeFileSync(file, `${kid}:${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      // Another process of the same folder was first: its key is the one to use.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return readFileSync(file, 'utf8').trim();
}

function parseKeys(ring: string): readonly [RingKey, ...RingKey[]] {
  const keys = ring.split(',').map((entry): RingKey => {
    const [kid = '', encoded = ''] = entry.trim().split(/:(.*)/s);
    const key = Buffer.from(encoded, 'base64');
    if (!/^[\w.-]{1,64}$/.test(kid) || key.length !== 32) {
      throw new ConfigError('HUB_KEYS must be kid:base64 with 32 bytes each, separated by commas; one entry is not.');
    }
    return { kid, key };
  });
  const [first, ...rest] = keys;
  if (!first || new Set(keys.map(({ kid }) => kid)).size !== keys.length) {
    throw new ConfigError('HUB_KEYS names the same kid twice; give every key its own.');
  }
  return [first, ...rest];
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

function parseObject(name: string, value: string): object {
  try {
    const parsed: unknown = JSON.parse(value);
    if (parsed && typeof parsed === 'object' && !Array.isArray(parsed)) return parsed;
  } catch {
    // Falls through to the sentence below: the parser's own message would show the value.
  }
  throw new ConfigError(`${name} is not a JSON object such as {"api.example.com":"http://127.0.0.1:4010"}.`);
}

function readRoles(env: Env): readonly Role[] {
  const roles = list(env, 'ROLES');
  if (roles.length === 0) return ['web', 'worker'];
  for (const role of roles) {
    if (role !== 'web' && role !== 'worker') throw new ConfigError(`ROLES names "${role}"; it may hold web, worker or both.`);
  }
  return roles as Role[];
}

function readTrustProxy(env: Env): number | string | undefined {
  const given = text(env, 'TRUST_PROXY');
  return given !== undefined && /^\d+$/.test(given) ? Number(given) : given;
}

function readBrand(env: Env): Brand {
  const color = text(env, 'BRAND_COLOR');
  if (color && !/^#[0-9a-f]{6}$/i.test(color)) throw new ConfigError('BRAND_COLOR must be a colour such as #1f6feb.');
  const logoUrl = text(env, 'BRAND_LOGO_URL');
  if (logoUrl) parseUrl('BRAND_LOGO_URL', logoUrl, ['http:', 'https:']);
  return { name: text(env, 'BRAND_NAME') ?? 'Patchbay', logoUrl, color };
}
