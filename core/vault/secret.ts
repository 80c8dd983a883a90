import type { KeyObject } from 'node:crypto';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';
import { type HubError, ReconnectNeeded, TryLater } from '../sdk/errors.ts';
import type { KeyRing } from './key-ring.ts';

/** Where a secret lives. `owner` is an integration's id, or a name such as `plugin:acme`. */
export interface SecretContext {
  readonly store: string;
  readonly owner: string;
  readonly field: string;
}

type Owner = Omit<SecretContext, 'field'>;

const ALG = 'dir';
const ENC = 'A256GCM';

/**
 * Seals one secret into one compact JWE whose authenticated header names its place, so that a ciphertext copied to
 * another store, owner or field does not open.
 */
export class Vault {
  readonly #ring: KeyRing;

  constructor(ring: KeyRing) {
    this.#ring = ring;
  }

  async seal(context: SecretContext, plain: string): Promise<string> {
    const kid = this.#ring.currentKid;
    return new CompactEncrypt(new TextEncoder().encode(plain))
      .setProtectedHeader({ alg: ALG, enc: ENC, kid, ctx: place(context) })
      .encrypt(this.#ring.get(kid) as KeyObject);
  }

  /**
   * @throws HubError `try-later` when the key is not in the ring (nothing is lost: the operator puts it back),
   * `reconnect-needed` when the ciphertext was changed or belongs elsewhere
   */
  async open(context: SecretContext, jwe: string): Promise<string> {
    const key = this.#keyFor(context, jwe);
    const opened = await decrypt(jwe, key);
    // Compared only now: before decryption the header is not yet authenticated.
    if (!opened || !samePlace(opened.ctx, place(context))) throw unreadable(context);
    return opened.plain;
  }

  async sealAll(base: Owner, values: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    return mapValues(values, (field, plain) => this.seal({ ...base, field }, plain));
  }

  async openAll(base: Owner, sealed: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    return mapValues(sealed, (field, jwe) => this.open({ ...base, field }, jwe));
  }

  /**
   * The same secret for the same place under the current key. The place is the one its own authenticated header names, so
   * a ciphertext that was copied elsewhere still belongs where it came from.
   * @returns undefined for what no key of the ring opens
   */
  async reseal(jwe: string): Promise<string | undefined> {
    const opened = await this.#opened(jwe);
    if (!opened) return undefined;
    const [store, owner, field] = opened.ctx as [string, string, string];
    return this.seal({ store, owner, field }, opened.plain);
  }

  /** Store, owner and field it was sealed for, whoever holds it now; undefined for what no key of the ring opens. */
  async placeOf(jwe: string): Promise<readonly string[] | undefined> {
    return (await this.#opened(jwe))?.ctx as readonly string[] | undefined;
  }

  async #opened(jwe: string): Promise<{ plain: string; ctx: unknown } | undefined> {
    const kid = kidOf(jwe);
    const key = kid === undefined ? undefined : this.#ring.get(kid);
    const opened = key && (await decrypt(jwe, key));
    return opened && isPlace(opened.ctx) ? opened : undefined;
  }

  #keyFor(context: SecretContext, jwe: string): KeyObject {
    const kid = kidOf(jwe);
    if (kid === undefined) throw unreadable(context);
    const key = this.#ring.get(kid);
    if (key) return key;
    throw new TryLater(
      `The secret "${context.field}" of ${context.owner} was sealed with key "${kid}", which this hub does not have; ` +
        'add that key to HUB_KEYS and start the hub again.',
      { code: 'INTERNAL' },
    );
  }
}

/** What every ciphertext begins with, or every one of this key: its header is written in this order. */
export function sealedPrefix(kid?: string): string {
  const header = `{"alg":"${ALG}","enc":"${ENC}","kid":"${kid === undefined ? '' : `${kid}","ctx":[`}`;
  // A last group of fewer than three bytes would take bits of what follows.
  return Buffer.from(header.slice(0, header.length - (header.length % 3))).toString('base64url');
}

/** The key a ciphertext names; `undefined` for anything that is not one of ours. */
export function kidOf(jwe: string): string | undefined {
  try {
    const { kid } = decodeProtectedHeader(jwe);
    return typeof kid === 'string' && /^[\w.-]{1,64}$/.test(kid) ? kid : undefined;
  } catch {
    return undefined;
  }
}

async function decrypt(jwe: string, key: KeyObject): Promise<{ plain: string; ctx: unknown } | undefined> {
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(jwe, key, {
      keyManagementAlgorithms: [ALG],
      contentEncryptionAlgorithms: [ENC],
    });
    return { plain: new TextDecoder().decode(plaintext), ctx: protectedHeader['ctx'] };
  } catch {
    // Whatever is wrong with it, the sentence for the person is the same, and the library's own may quote the header.
    return undefined;
  }
}

/** A list and not a joined string: no choice of names can make two places look alike. */
function place({ store, owner, field }: SecretContext): readonly string[] {
  return [store, owner, field];
}

function isPlace(found: unknown): boolean {
  return Array.isArray(found) && found.length === 3 && found.every((part) => typeof part === 'string');
}

function samePlace(found: unknown, expected: readonly string[]): boolean {
  return Array.isArray(found) && found.length === expected.length && expected.every((part, index) => part === found[index]);
}

function unreadable({ owner, field }: SecretContext): HubError {
  return new ReconnectNeeded(
    `The stored secret "${field}" of ${owner} cannot be opened: it was changed or belongs elsewhere. Enter it again.`,
  );
}

async function mapValues(
  values: Readonly<Record<string, string>>,
  change: (field: string, value: string) => Promise<string>,
): Promise<Record<string, string>> {
  const pairs = Object.entries(values).map(async ([field, value]) => [field, await change(field, value)] as const);
  return Object.fromEntries(await Promise.all(pairs));
}
