const HIDDEN = '[redacted]';
const SENSITIVE_NAME = /auth|token|secret|passw|api[-_]?key|cookie|credential|signature|^key$|^code$|verifier|assertion/i;

/** What looks like a secret wherever it came from. */
const TOKEN_LIKE: readonly (readonly [RegExp, string])[] = [
  // Looked for once a word, and only where the word's end fits: a provider may repeat the beginning a million times.
  [/(?<![\w-])(?=[\w-]+\.[\w-])([\w-]*?)\beyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*)*/g, `$1${HIDDEN}`],
  [/\b(Bearer|Basic|Token)\s+[\w.~+/=-]{8,}/gi, `$1 ${HIDDEN}`],
  [/\b(?:pit|sk|pk|rk|pat|ghp|gho|shpat|shpss|xox[a-z]|whsec|EAA)[-_A-Za-z]*[-_][\w-]{10,}/g, HIDDEN],
  [
    /\b((?:\w*[-_])?token|api[-_]?key|(?:\w*[-_])?secret|password|signature)(["']?\s*[:=]\s*["']?)(?=[^\s"'&,}]{0,64}\d)[^\s"'&,}]{8,}/gi,
    `$1$2${HIDDEN}`,
  ],
  // Long and mixed, but not a UUID: those are ids far more often than secrets, and needed to find the case.
  [/(?<![\w-])(?![\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\b)(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{32,}/gi, HIDDEN],
];

/** Removes known secrets and whatever looks like one. */
export function redact(text: string, secrets: Iterable<string>): string {
  return TOKEN_LIKE.reduce((result, [pattern, by]) => result.replace(pattern, by), hidden(text, secrets));
}

/** Removes known secrets alone. */
export function hidden(text: string, secrets: Iterable<string>): string {
  // The longest first: one secret may begin with another.
  const known = [...secrets].filter((secret) => secret !== '' && text.includes(secret)).sort((a, b) => b.length - a.length);
  return known.reduce((result, secret) => result.replaceAll(secret, HIDDEN), text);
}

/** The values of a credential's headers, and the parts of them a provider may repeat alone. */
export function secretParts(values: Iterable<string>): Set<string> {
  const parts = new Set<string>();
  for (const value of values) {
    const [, scheme, rest = ''] = /^(\w+)\s+(.+)$/.exec(value) ?? [];
    const basic = scheme?.toLowerCase() === 'basic' ? Buffer.from(rest, 'base64').toString().split(/:(.*)/s) : [];
    for (const part of [value, rest, ...basic]) {
      // A shorter one would take ordinary words with it.
      if (part.length >= 4) for (const form of formsOf(part)) parts.add(form);
    }
  }
  return parts;
}

/** As it is sent in an address, a form or JSON. */
function formsOf(secret: string): string[] {
  if (/^[\w.~-]*$/.test(secret)) return [secret];
  return [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams([['', secret]]).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
  ];
}

/** The values whose names say that they are secret. */
export function sensitiveValues(entries: Iterable<readonly [string, string]>): string[] {
  return [...entries].filter(([name]) => SENSITIVE_NAME.test(name)).map(([, value]) => value);
}
