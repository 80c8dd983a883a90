import { createHash, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, type Env, text } from './config-values.ts';

/** One 256-bit key of the ring. `kid` names it in every ciphertext it made. */
export interface RingKey {
  readonly kid: string;
  readonly key: Buffer;
}

export function readKeys(env: Env, production: boolean, dataDir: string): readonly [RingKey, ...RingKey[]] {
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
    const fresh = `${file}.${process.pid}`;
    writeFileSync(fresh, `${kid}:${key.toString('base64')}\n`, { mode: 0o600 });
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
