import { unbranded } from '../egress/wording.ts';
import { type Manifest, type OAuth2, Rejected } from '../sdk/index.ts';

/**
 * Looks at what a provider sent back with the browser, before the code is used.
 * @throws Rejected in words for the person who sits there
 */
export function checkReturn(manifest: Manifest, auth: OAuth2, query: Readonly<Record<string, string>>): void {
  const { name } = manifest;
  const { error, error_description: description, code, iss } = query;
  if (iss !== undefined && !isIssuer(manifest, auth, iss)) {
    throw new Rejected(`The answer came from another sign-in service than ${name}; nothing was changed.`);
  }
  if (error === 'access_denied') {
    throw new Rejected(`You did not allow ${name} to be connected; nothing was changed.`);
  }
  if (error) {
    const said = unbranded(plain(description) || plain(error), name, manifest.whiteLabel?.never);
    throw new Rejected(`${name} could not complete the sign-in: ${said}. Nothing was changed; start again.`);
  }
  if (!code) throw new Rejected(`${name} sent no code back; nothing was changed. Start connecting again.`);
}

/**
 * The scopes that were granted; all that were asked for where the provider does not say (RFC 6749 section 5.1).
 * @throws Rejected saying what each missing one is needed for
 */
export function grantedScopes(auth: OAuth2, name: string, said: unknown): string[] {
  const asked = auth.scopes.map((scope) => scope.name);
  const granted = (Array.isArray(said) ? said.map(String) : String(said ?? '').split(/[\s,]+/)).filter(Boolean);
  if (granted.length === 0) return asked;
  const missing = auth.scopes.filter((scope) => !scope.optional && !granted.includes(scope.name));
  if (missing.length === 0) return granted;
  throw new Rejected(
    `${name} was not given everything it needs: ${missing.map(({ reason }) => plain(reason)).join('; ')}. Connect again and allow all of it.`,
    { code: 'INVALID_CREDENTIALS' },
  );
}

/** What may be missing and is, in a sentence to be said once; undefined when nothing is. */
export function notAllowed(auth: OAuth2, granted: readonly string[]): string | undefined {
  const missing = auth.scopes.filter(({ name, optional }) => optional && !granted.includes(name));
  if (missing.length === 0) return undefined;
  return `Not allowed: ${missing.map(({ reason }) => plain(reason)).join('; ')}. Connect again to allow it.`;
}

/** RFC 9207: a code of another authorization server must not be sent to this one. */
function isIssuer(manifest: Manifest, auth: OAuth2, iss: string): boolean {
  if (!URL.canParse(iss) || new URL(iss).protocol !== 'https:') return false;
  const own = [auth.authorizeUrl, auth.tokenUrl].map((url) => new URL(url).host);
  return [...own, ...(manifest.hosts ?? [])].includes(new URL(iss).host);
}

function plain(text: string | undefined): string {
  return (text ?? '')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, 200)
    .replace(/[.\s]+$/, '');
}
