/** A part of a secret that says whose it is: whatever cuts a secret short leaves one of these. */
const PART = 12;

interface Wanted {
  readonly name: string;
  readonly form: string;
  readonly text: string;
}

/** Secrets that must turn up nowhere, and the forms in which they would. */
export class Canaries {
  readonly #secrets = new Map<string, string>();
  #wanted: readonly Wanted[] | undefined;

  /** @param name says in a failure what leaked */
  add(name: string, secret: string): string {
    if (secret.length < 6) throw new Error(`${name} is too short to be searched for`);
    if (!this.#secrets.has(secret)) this.#secrets.set(secret, name);
    this.#wanted = undefined;
    return secret;
  }

  /** `client secret (hex) in "…what stands before it"` of all that are in a text, whole or in part. */
  find(text: string): string[] {
    this.#wanted ??= [...this.#secrets].flatMap(([secret, name]) => formsOf(secret).map((form) => ({ name, ...form })));
    const found = new Map<string, string>();
    for (const { name, form, text: wanted } of this.#wanted) {
      if (found.has(name) || !text.includes(wanted)) continue;
      const at = text.indexOf(wanted);
      found.set(name, `${name} (${form}) in "${text.slice(0, 60)} … ${text.slice(Math.max(0, at - 60), at)}"`);
    }
    return [...found.values()];
  }
}

function formsOf(secret: string): { form: string; text: string }[] {
  const hex = Buffer.from(secret).toString('hex');
  const forms: Record<string, readonly string[]> = {
    raw: partsOf(secret),
    'URL-encoded': [encodeURIComponent(secret), new URLSearchParams({ v: secret }).toString().slice(2)],
    'in JSON': [JSON.stringify(secret).slice(1, -1), JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
    'in HTML': [secret.replaceAll('&', '&amp;'), secret.replaceAll('&', '&amp;').replaceAll("'", '&#x27;')],
    hex: [hex, hex.toUpperCase()],
    base64: base64Of(secret),
    base64url: base64Of(secret).map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  };
  return Object.entries(forms).flatMap(([form, texts]) => texts.map((text) => ({ form, text })));
}

/** Pieces one of which is in any longer piece of the secret. */
function partsOf(secret: string): string[] {
  if (secret.length < 2 * PART) return [secret];
  return Array.from({ length: Math.floor(secret.length / PART) }, (_, at) => secret.slice(at * PART, (at + 1) * PART));
}

/** What stays the same of it inside of a longer text, at each of the three places it can begin. */
function base64Of(secret: string): string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before, 'x'), Buffer.from(secret)]);
    const whole = Math.floor(bytes.length / 3) * 3;
    return bytes
      .subarray(0, whole)
      .toString('base64')
      .slice(before === 0 ? 0 : 4);
  });
}
