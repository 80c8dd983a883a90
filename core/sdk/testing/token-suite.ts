import { expect, it } from '@jest/globals';
import type { OAuth2 } from '../index.ts';
import type { Open, Rig, RigOptions } from './rig.ts';
import { askEndpoint, oauthOf, tokenOf } from './token-endpoint.ts';
import { outcomeOf } from './trouble.ts';

/** What becomes of a token: renewed, exchanged for a long-lived one, handed back; each where the plugin declares it. */
export function tokenSuite(open: Open, way: OAuth2, { oauth }: RigOptions): void {
  const known = { accessToken: oauth?.accessToken ?? '', refreshToken: oauth?.refreshToken ?? '', grant: oauth?.grant ?? {} };
  if (known.refreshToken && way.renewal?.by !== 'owner') renewalSuite(open, known);
  if (way.exchange) exchangeSuite(open, known);
  if (way.revokeUrl) revocationSuite(open, known);
}

interface Known {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly grant: Readonly<Record<string, unknown>>;
}

function renewalSuite(open: Open, known: Known): void {
  it('renews its token, and the new one opens the same account', async () => {
    const rig = open();
    const { account } = await rig.connect();
    expect(await accountOf(rig, known, await renewed(rig, known))).toBe(account.externalId);
  });

  it('is refused a refresh token the provider never gave', async () => {
    await expect(renewed(open(), { ...known, refreshToken: 'forged' })).rejects.toThrow();
  });
}

function exchangeSuite(open: Open, known: Known): void {
  it('exchanges its token, and the new one opens the same account', async () => {
    const rig = open();
    const { account } = await rig.connect();
    expect(await accountOf(rig, known, await exchanged(rig, known.accessToken))).toBe(account.externalId);
  });

  it('is refused the exchange of a token the provider never gave', async () => {
    await expect(exchanged(open(), 'forged')).rejects.toThrow();
  });
}

function revocationSuite(open: Open, known: Known): void {
  it('hands its token back, which then opens nothing', async () => {
    const rig = open();
    await rig.connect();
    const token = known.refreshToken || known.accessToken;
    const { status } = await askEndpoint(rig, { url: oauthOf(rig).revokeUrl ?? '', fields: { token } });
    expect(status).toBeGreaterThanOrEqual(200);
    expect(status).toBeLessThan(300);
    if (known.refreshToken) return void (await expect(renewed(rig, known)).rejects.toThrow());
    const outcome = await outcomeOf(rig.handlers.identify(rig.link(), known.grant));
    expect(outcome).toMatchObject({ consequence: expect.stringMatching(/^(rejected|reconnect-needed)$/) });
  });
}

async function accountOf(rig: Rig, { grant }: Known, accessToken: string): Promise<string> {
  expect(accessToken).toMatch(/\S/);
  return (await rig.handlers.identify(rig.link({ accessToken }), grant)).externalId;
}

/** As the hub does it: the plugin's own way, or RFC 6749 section 6. */
async function renewed(rig: Rig, { accessToken, refreshToken }: Known): Promise<string> {
  if (rig.handlers.refresh) return (await rig.handlers.refresh(rig.link(), { accessToken, refreshToken })).accessToken;
  const { tokenUrl: url, tokenParams } = oauthOf(rig);
  const fields = { grant_type: 'refresh_token', refresh_token: refreshToken, ...tokenParams };
  return tokenOf(await askEndpoint(rig, { url, fields }));
}

async function exchanged(rig: Rig, token: string): Promise<string> {
  const { tokenUrl: url, tokenParams, exchange } = oauthOf(rig);
  if (!exchange) throw new Error('The manifest declares no exchange.');
  const { grantType, tokenParam, method = 'POST' } = exchange;
  const fields = { ...tokenParams, grant_type: grantType, [tokenParam]: token };
  return tokenOf(await askEndpoint(rig, { url, method, fields }));
}
