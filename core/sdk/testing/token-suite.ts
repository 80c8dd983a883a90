import { expect, it } from '@jest/globals';
import type { OAuth2, OAuthTokens } from '../index.ts';
import type { Open, Rig, RigOptions } from './rig.ts';

/** A refreshed token opens the same account. Needs `oauth.refreshToken`. */
export function tokenSuite(open: Open, { oauth }: RigOptions): void {
  it('renews its token, and the new one opens the same account', async () => {
    const rig = open();
    const { account } = await rig.connect();
    const fresh = await renew(rig, oauth?.accessToken ?? '', oauth?.refreshToken ?? '');
    expect(fresh.accessToken).toMatch(/\S/);
    const link = rig.link({ accessToken: fresh.accessToken });
    expect((await rig.handlers.identify(link, oauth?.grant ?? {})).externalId).toBe(account.externalId);
  });

  it('is refused a refresh token the provider never gave', async () => {
    await expect(renew(open(), oauth?.accessToken ?? '', 'forged')).rejects.toThrow();
  });
}

/** As the hub does it: the plugin's own way, or RFC 6749 section 6. */
async function renew(rig: Rig, accessToken: string, refreshToken: string): Promise<OAuthTokens> {
  if (rig.handlers.refresh) return rig.handlers.refresh(rig.link(), { accessToken, refreshToken });
  const way = rig.manifest.auth.find((auth): auth is OAuth2 => auth.method === 'oauth');
  if (!way) throw new Error('The manifest has no OAuth.');
  const { host, pathname, searchParams } = new URL(way.tokenUrl);
  const { headers, body } = tokenRequest(way, rig.keys.app, refreshToken);
  const { signal } = new AbortController();
  const reply = await rig.instance.handle({ method: 'POST', host, path: pathname, query: searchParams, headers, body, signal });
  const answer = (typeof reply.body === 'string' ? JSON.parse(reply.body) : reply.body) as Record<string, unknown> | undefined;
  if (reply.status !== 200 || typeof answer?.['access_token'] !== 'string')
    throw new Error(`The token endpoint answered with ${reply.status} and no access_token.`);
  return { accessToken: answer['access_token'] };
}

function tokenRequest(way: OAuth2, app: Readonly<Record<string, string>>, refreshToken: string) {
  const { clientId = '', clientSecret = '' } = app;
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64');
  const inBody = way.clientAuth !== 'basic';
  const client = { client_id: clientId, client_secret: clientSecret };
  const fields = { grant_type: 'refresh_token', refresh_token: refreshToken, ...(inBody && client), ...way.tokenParams };
  return {
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...(!inBody && { authorization: `Basic ${basic}` }) },
    body: new URLSearchParams(fields).toString(),
  };
}
