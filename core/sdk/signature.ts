import { createHmac, createPublicKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { check } from './slow-check.ts';

/** SPKI prefix of a raw 32-byte Ed25519 key (RFC 8410). */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** Compares two texts without telling by time where they differ; false where either is empty. */
export function sameText(a: string | undefined, b: string | undefined): boolean {
  if (!a || !b) return false;
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Is `signature` the HMAC of `data`? `encoding` is how the provider writes it. */
export function hmac(
  algorithm: 'sha1' | 'sha256',
  secret: string | undefined,
  data: Uint8Array,
  signature: string | undefined,
  encoding: 'hex' | 'base64' = 'hex',
): boolean {
  if (!secret || !signature) return false;
  return sameText(
    createHmac(algorithm, secret).update(data).digest(encoding),
    encoding === 'hex' ? signature.toLowerCase() : signature,
  );
}

/** Is `signature` (base64) an Ed25519 signature of `data`? The key may be PEM, base64 SPKI, or the raw 32 bytes in base64 or hex. */
export function ed25519(publicKey: string | undefined, data: Uint8Array, signature: string | undefined): boolean {
  const bytes = base64(signature);
  if (!publicKey || bytes?.length !== 64) return false;
  const key = readPublicKey(publicKey);
  return key?.asymmetricKeyType === 'ed25519' && check({ algorithm: null, data, key, signature: bytes });
}

/** Is `signature` (base64) an RSA PKCS#1 v1.5 SHA-256 signature of `data`? The key may be PEM or base64 SPKI. */
export function rsaSha256(publicKey: string | undefined, data: Uint8Array, signature: string | undefined): boolean {
  const bytes = base64(signature);
  if (!publicKey || !bytes) return false;
  const key = readPublicKey(publicKey);
  return key?.asymmetricKeyType === 'rsa' && check({ algorithm: 'RSA-SHA256', data, key, signature: bytes });
}

/** Strict: Node's own decoder skips what it does not know, so a changed signature could still verify. */
function base64(value: string | undefined): Buffer | undefined {
  if (!value || !/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return undefined;
  const bytes = Buffer.from(value, 'base64');
  return bytes.toString('base64').replace(/=+$/, '') === value.replace(/=+$/, '') ? bytes : undefined;
}

const parsed = new Map<string, KeyObject | undefined>();

function readPublicKey(text: string): KeyObject | undefined {
  if (!parsed.has(text)) {
    if (parsed.size > 100) parsed.clear();
    parsed.set(text, parsePublicKey(text.replaceAll('\\n', '\n').trim()));
  }
  return parsed.get(text);
}

function parsePublicKey(text: string): KeyObject | undefined {
  try {
    if (text.includes('-----BEGIN')) return createPublicKey(text);
    const bytes = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
    const der = bytes.length === 32 ? Buffer.concat([ED25519_SPKI, bytes]) : bytes;
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}
