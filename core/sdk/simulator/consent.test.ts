import { describe, expect, it } from '@jest/globals';
import { requestOf } from '../testing/simulator-stand.ts';
import { authorizationOf, consentError, consentPage } from './consent.ts';

describe('the consent page', () => {
  const query = {
    client_id: 'app',
    response_type: 'code',
    redirect_uri: 'https://hub.example/back?a=1',
    state: 's t',
    scope: 'a,b c',
  };
  const open = (change: object = {}, form?: Record<string, string>) =>
    authorizationOf(
      requestOf(form ? 'POST' : 'GET', `https://login.acme.example/?${new URLSearchParams({ ...query, ...change })}`, {
        ...(form && { form }),
      }),
    );

  it.each(['', 'javascript:alert(1)', '/back', 'https://hub.example/#here'])('sends nobody to %j', (redirect_uri) => {
    expect(open({ redirect_uri }).redirectUri).toBeUndefined();
  });

  it('sends back with the state, and with what was there', () => {
    const asked = open({}, { decision: 'deny' });
    expect(asked).toMatchObject({ decision: 'deny', scopes: ['a', 'b', 'c'] });
    expect(asked.back({ error: 'access_denied' })).toEqual({
      status: 303,
      headers: { location: 'https://hub.example/back?a=1&error=access_denied&state=s+t' },
    });
    expect(open().decision).toBeUndefined();
  });

  it('shows whatever was asked for as text, without scripts or styles of its own', () => {
    const choices = [{ value: '"><script>', title: '<b>' }];
    const page = consentPage({
      provider: 'Acme',
      heading: 'Choose',
      fault: 'Choose <one>.',
      lists: [{ legend: 'Accounts', name: 'account', type: 'radio', choices }],
      scopes: ['<script>alert(1)</script>'],
    });
    expect(page.status).toBe(422);
    expect(page.body).toContain('Choose &lt;one&gt;.');
    expect(page.body).not.toMatch(/<script|<style|style=|<b>/);
    expect(consentError(400, { provider: 'Acme', sentences: ['<script>'] }).body).not.toContain('<script>');
  });
});
