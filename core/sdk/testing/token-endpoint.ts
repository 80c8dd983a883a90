import type { OAuth2, SandboxResponse } from '../index.ts';
import type { Rig } from './rig.ts';

/** What a request to the provider's own OAuth endpoints is made of. */
export interface TokenRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly fields: Readonly<Record<string, string>>;
}

/** As the hub asks: by form or query, with the client where the manifest says. */
export async function askEndpoint(rig: Rig, { url, method = 'POST', fields }: TokenRequest): Promise<SandboxResponse> {
  const { clientId = '', clientSecret = '' } = rig.keys.app;
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64');
  const inBody = oauthOf(rig).clientAuth !== 'basic';
  const sent = new URLSearchParams({ ...fields, ...(inBody && { client_id: clientId, client_secret: clientSecret }) });
  const target = new URL(url);
  if (method === 'GET') for (const [name, value] of sent) target.searchParams.set(name, value);
  return rig.instance.handle({
    method,
    host: target.host,
    path: target.pathname,
    query: target.searchParams,
    headers: {
      ...(method === 'POST' && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...(!inBody && { authorization: `Basic ${basic}` }),
    },
    body: method === 'POST' ? sent.toString() : '',
    signal: new AbortController().signal,
  });
}

/** The access token of an answer. @throws Error for one without */
export function tokenOf({ status, body }: SandboxResponse): string {
  const answer = (typeof body === 'string' ? JSON.parse(body) : body) as Record<string, unknown> | undefined;
  if (status >= 200 && status < 300 && typeof answer?.['access_token'] === 'string') return answer['access_token'];
  throw new Error(`The token endpoint answered with ${status} and no access_token.`);
}

export function oauthOf({ manifest }: Rig): OAuth2 {
  const way = manifest.auth.find((auth): auth is OAuth2 => auth.method === 'oauth');
  if (way) return way;
  throw new Error('The manifest has no OAuth.');
}
