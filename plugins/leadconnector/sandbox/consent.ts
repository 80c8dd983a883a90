import type { SandboxRequest, SandboxResponse } from 'patchbay';
import { type AuthorizationCodes, authorizationOf, consentError, consentPage } from 'patchbay/simulator';
import { DEMO_CLIENT_ID, PLACES, placeOf } from './demo.ts';
import type { Allowed } from './token-endpoint.ts';

const CHOOSER = ['/v2/oauth/chooselocation', '/oauth/chooselocation'];

/** What the page needs of the simulator around it. */
export interface ConsentDesk {
  readonly codes: AuthorizationCodes<Allowed>;
  readonly now: number;
  readonly knownScopes: readonly string[];
  installed(locationId: string): void;
}

/** The page on which a person chooses a location and allows, or does not. */
export function consent(req: SandboxRequest, desk: ConsentDesk): SandboxResponse {
  if (!CHOOSER.includes(req.path)) return fault(404, 'There is no such page.');
  const asked = authorizationOf(req);
  const { redirectUri, scopes } = asked;
  if (asked.clientId !== DEMO_CLIENT_ID) return fault(400, 'No app with this client ID is known.');
  if (!redirectUri) return fault(400, 'The redirect URI is missing or not an absolute web address.');
  if (asked.responseType !== 'code') return asked.back({ error: 'unsupported_response_type' });
  if (scopes.length === 0 || scopes.some((scope) => !desk.knownScopes.includes(scope))) {
    return asked.back({ error: 'invalid_scope', error_description: 'A requested scope is unknown' });
  }
  if (req.method === 'GET') return chooser(scopes);
  if (req.method !== 'POST') return fault(405, 'This page is opened or sent, nothing else.');
  if (asked.decision === 'deny') {
    return asked.back({ error: 'access_denied', error_description: 'The user denied the request' });
  }
  const place = placeOf(asked.form.get('location') ?? undefined);
  if (asked.decision !== 'allow' || !place) return chooser(scopes, 'Choose a location first.');
  const code = desk.codes.issue({ location: place.id, scopes }, { redirectUri, now: desk.now });
  desk.installed(place.id);
  return asked.back({ code });
}

function fault(status: number, sentence: string): SandboxResponse {
  return consentError(status, { provider: 'LeadConnector', sentences: [sentence] });
}

function chooser(scopes: readonly string[], again?: string): SandboxResponse {
  const choices = PLACES.map(({ id, name, city, state }) => ({ value: id, title: name, about: `${city}, ${state}` }));
  return consentPage({
    provider: 'LeadConnector',
    heading: 'Choose a location',
    lead: 'The app “Sandbox app” asks for access to one of your locations.',
    fault: again,
    lists: [{ legend: 'Location', name: 'location', type: 'radio', choices }],
    scopes,
  });
}
