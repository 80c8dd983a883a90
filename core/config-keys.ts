import { createHash, randomBytes } from 'node:crypto';
import { existsSync, linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareDataDir } from './config-folders.ts';
import { ConfigError, type Env, text } from './config-values.ts';

/** One 256-bit key of the ring. `kid` names it in every ciphertext it made. */
export interface RingKey {
  readonly kid: string;
  readonly key: Buffer;
}

export type Ring = readonly [RingKey, ...RingKey[]];

export interface KeySettings {
  readonly keys: Ring;
  /** Where the ring is kept; undefined when `HUB_KEYS` gives it. */
  readonly keyFile: string | undefined;
}

const HOW = 'kid:base64 of 32 random bytes, for example k1:$(openssl rand -base64 32)';

export function readKeys(env: Env, production: boolean, dataDir: string): KeySettings {
  const given = text(env, 'HUB_KEYS');
  if (!given && production) throw new ConfigError(`HUB_KEYS is missing; set it to ${HOW}, and keep a copy.`);
  if (given) return { keys: parseKeys(given, production), keyFile: undefined };
  const keyFile = join(dataDir, 'keys');
  return { keys: parseKeys(generatedKeys(keyFile, dataDir), production), keyFile };
}

/** A key nobody has, named by a hash of its bytes. */
export function freshKey(): RingKey {
  const key = randomBytes(32);
  return { kid: createHash('sha256').update(key).digest('hex').slice(0, 8), key };
}

/** As `HUB_KEYS` takes it. */
export function writtenKeys(keys: readonly RingKey[]): string {
  return keys.map(({ kid, key }) => `${kid}:${key.toString('base64')}`).join(',');
}

/** Whole or not at all, for its owner only. */
export function saveKeys(keyFile: string, keys: Ring): void {
  const fresh = `${keyFile}.${process.pid}`;
  writeFileSync(fresh, `${writtenKeys(keys)}\n`, { mode: 0o600 });
  renameSync(fresh, keyFile);
}

function generatedKeys(file: string, dataDir: string): string {
  if (!existsSync(file)) {
    prepareDataDir(dataDir);
    const fresh = `${file}.${process.pid}`;
    writeFileSync(fresh, `${writtenKeys([freshKey()])}\n`, { mode: 0o600 });
    try {
      // Whole or not at all: another process may read it at this moment.
      linkSync(fresh, file);
    } catch (error) {
      // Another process of the same folder was first: its key is the one to use.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(fresh);
    }
  }
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError(`The keys in ${file} cannot be read (${code}); give this user the right to, or set HUB_KEYS.`);
  }
}

function parseKeys(ring: string, production: boolean): Ring {
  const keys = ring.split(',').map((entry): RingKey => {
    const [kid = '', encoded = ''] = entry.trim().split(/:(.*)/s);
    const key = Buffer.from(encoded, 'base64');
    if (!/^[\w.-]{1,64}$/.test(kid) || key.length !== 32 || unpadded(key.toString('base64')) !== unpadded(encoded)) {
      throw new ConfigError('HUB_KEYS must be kid:base64 with 32 bytes each, separated by commas; one entry is not.');
    }
    if (production && !looksRandom(key)) {
      throw new ConfigError(`HUB_KEYS: the key "${kid}" is a sample or no random bytes; set it to ${HOW}.`);
    }
    return { kid, key };
  });
  const [first, ...rest] = keys;
  if (!first || new Set(keys.map(({ kid }) => kid)).size !== keys.length) {
    throw new ConfigError('HUB_KEYS names the same kid twice; give every key its own.');
  }
  if (new Set(keys.map(({ key }) => key.toString('hex'))).size !== keys.length) {
    throw new ConfigError('HUB_KEYS holds the same key under two names; a new name needs new bytes.');
  }
  return [first, ...rest];
}

function unpadded(encoded: string): string {
  return encoded.replace(/=+$/, '');
}

/** Random bytes fail this once in more than a trillion rings; repeated, counted and typed ones do. */
function looksRandom(key: Buffer): boolean {
  const steps = new Set([...key].map((byte, at) => (byte - (key[at - 1] ?? byte) + 256) % 256));
  const isTyped = key.every((byte) => byte >= 0x20 && byte < 0x7f);
  return !isTyped && steps.size > 8 && new Set(key).size > 16;
}
