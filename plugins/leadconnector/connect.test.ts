import { describe, expect, it } from '@jest/globals';
import type { Grant } from 'patchbay';
import { failure } from 'patchbay/testing';
import { whiteLabelled } from './explain.ts';
import { manifest } from './manifest.ts';
import { pace } from './pace.ts';
import { BLUE_FITNESS, RIVERSIDE_DENTAL } from './sandbox/demo.ts';
import { handlers, newRig, type Rig } from './test-rig.ts';

const grant = { locationId: BLUE_FITNESS.id };

const link = (rig: Rig, given: { token: string; grant: Grant }) =>
  handlers.identify(rig.ctx({ token: given.token }), given.grant);

function answering(status: number, body: object): Rig {
  const rig = newRig();
  rig.intercept = () => ({ status, body });
  return rig;
}

describe('identifying an account', () => {
  it('asks for another credential when the private token is unknown', async () => {
    const token = 'pit-00000000-0000-0000-0000-000000000000';
    expect(await failure(link(newRig(), { token, grant }))).toMatchObject({
      consequence: 'reconnect-needed',
      message: expect.stringMatching(/private integration token is not valid/),
    });
  });

  it('names the Location ID when the token belongs to another location', async () => {
    const error = await failure(link(newRig(), { token: RIVERSIDE_DENTAL.token, grant }));
    expect(error).toMatchObject({ consequence: 'rejected', code: 'INVALID_CREDENTIALS' });
    expect(error?.fields?.[0]?.pointer).toBe('/fields/locationId');
  });

  it('refuses a token for a whole agency in words', async () => {
    const company = failure(link(newRig(), { token: BLUE_FITNESS.token, grant: { ...grant, userType: 'Company' } }));
    expect((await company)?.message).toMatch(/choose one location/);
    const rig = answering(401, { statusCode: 401, message: "Token's user type mismatch!" });
    expect(await failure(link(rig, { token: BLUE_FITNESS.token, grant }))).toMatchObject({
      consequence: 'rejected',
      code: 'INVALID_CREDENTIALS',
    });
  });

  it('refuses a grant that names no location', async () => {
    expect((await failure(link(newRig(), { token: BLUE_FITNESS.token, grant: {} })))?.code).toBe('INVALID_CREDENTIALS');
  });

  it('says that a location does not exist where the provider answers 400', async () => {
    const rig = answering(400, { statusCode: 400, message: 'Location with id x not found' });
    expect(await failure(link(rig, { token: BLUE_FITNESS.token, grant }))).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      fields: [{ pointer: '/fields/locationId' }],
    });
  });

  it('does not take an answer about something else for the location', async () => {
    for (const body of ['OK', {}, { location: { id: 'another', name: 'Another' } }]) {
      const rig = newRig();
      rig.intercept = () => ({ status: 200, body });
      expect((await failure(link(rig, { token: BLUE_FITNESS.token, grant })))?.consequence).toBe('try-later');
    }
  });

  it('is patient while the provider is away', async () => {
    expect((await failure(link(answering(503, {}), { token: BLUE_FITNESS.token, grant })))?.consequence).toBe('try-later');
  });

  it('proves the location by its calendars when the token may not read its name', async () => {
    const rig = newRig();
    rig.intercept = (req) =>
      req.path.startsWith('/locations/')
        ? { status: 401, body: { statusCode: 401, message: 'The token is not authorized for this scope.' } }
        : undefined;
    const account = await link(rig, { token: BLUE_FITNESS.token, grant });
    expect(account).toEqual({ externalId: BLUE_FITNESS.id, label: `Location ${BLUE_FITNESS.id}`, vars: {} });
    expect(rig.seen.map(({ req }) => req.path)).toEqual([`/locations/${BLUE_FITNESS.id}`, '/calendars/']);
  });

  it('names the location and keeps its time zone and agency', async () => {
    expect(await link(newRig(), { token: BLUE_FITNESS.token, grant })).toEqual({
      externalId: BLUE_FITNESS.id,
      label: 'Blue Fitness',
      vars: { timezone: 'America/Chicago', companyId: 'DemoAgency0000000001' },
    });
  });
});

describe('testing a connection', () => {
  it('fails in words when contacts may not be read', async () => {
    const rig = newRig();
    rig.intercept = (req) =>
      req.path === '/contacts/search'
        ? { status: 401, body: { statusCode: 401, message: 'The token is not authorized for this scope.' } }
        : undefined;
    expect((await failure(handlers.test(rig.ctx())))?.message).toMatch(/lacks a scope/);
  });

  it('does not take an answer without a total for zero contacts', async () => {
    const rig = newRig();
    rig.intercept = (req) => (req.path === '/contacts/search' ? { status: 200, body: '<html>' } : undefined);
    expect((await failure(handlers.test(rig.ctx())))?.consequence).toBe('try-later');
  });

  it('says where it is connected and how many contacts there are', async () => {
    expect(await handlers.test(newRig().ctx())).toEqual({
      message: 'Connected to Blue Fitness, 3,412 contacts.',
      counts: { contacts: 3412 },
    });
  });
});

describe('explaining answers', () => {
  const explain = (status: number, data: unknown) => handlers.explain({ status, headers: {}, data });

  it.each([
    ['version header was not found.', 'VALIDATION_FAILED'],
    ['version header is invalid', 'VALIDATION_FAILED'],
    ['The token is not authorized for this scope.', 'INVALID_CREDENTIALS'],
    ["Token's user type mismatch!", 'INVALID_CREDENTIALS'],
  ])('takes 401 "%s" for a mistake in the set-up, not for an expired token', (message, code) => {
    expect(explain(401, { statusCode: 401, message })).toMatchObject({ consequence: 'rejected', code });
  });

  it.each([{ message: 'Invalid token: access token is invalid' }, { message: 'Invalid JWT' }, {}, null, 'text'])(
    'takes any other 401 for an expired token (%j)',
    (data) => expect(explain(401, data)).toBe('expired'),
  );

  it('names the contact that is in the way of a duplicate', () => {
    const error = explain(400, {
      statusCode: 400,
      message: 'This location does not allow duplicated contacts.',
      meta: { contactId: 'abc123', matchingField: 'phone' },
    });
    expect(error).toMatchObject({ code: 'CONFLICT', message: expect.stringMatching(/Contact abc123 already has this phone/) });
  });

  it('reads messages that come as lists, and keeps the trace for the log', () => {
    const error = explain(422, { message: ['startTime must be a date', 'endTime must be a date'], traceId: 't-1' });
    expect(error).toMatchObject({ message: 'LeadConnector refused this: startTime must be a date; endTime must be a date.' });
    expect(JSON.stringify((error as Error).message)).not.toContain('t-1');
    expect((error as Error).cause).toMatchObject({ traceId: 't-1' });
  });

  it('takes 400 "not found" for not found', () => {
    expect(explain(400, { error: 'Contact with id test not found', status: 400 })).toMatchObject({ consequence: 'not-found' });
  });

  it('leaves the words of the token endpoint to the hub, but for those no store owner understands', () => {
    expect(explain(400, { error: 'invalid_grant', error_description: 'Invalid grant: refresh token is invalid' })).toMatchObject({
      consequence: 'reconnect-needed',
      message: 'LeadConnector no longer accepts this connection. Connect it again.',
    });
    expect(explain(400, { error: 'invalid_grant' })).toBeUndefined();
  });

  it('never loses a token over a suspended location', () => {
    expect(explain(400, { statusCode: 400, message: 'Location is not active' })).toMatchObject({ consequence: 'try-later' });
    expect(explain(422, { message: ['Invalid refresh token'] })).toMatchObject({ consequence: 'reconnect-needed' });
  });

  it('leaves limits and outages to the hub', () => {
    expect([explain(429, {}), explain(500, {}), explain(404, {})]).toEqual([undefined, undefined, undefined]);
  });

  it('waits for an hour, not for seconds, when the calls of the day are used up', async () => {
    const rig = newRig();
    await rig.press('fail', { how: '429 of the day', calls: 1 });
    expect(await failure(handlers.test(rig.ctx()))).toMatchObject({
      consequence: 'try-later',
      code: 'RATE_LIMIT_EXCEEDED',
      afterSeconds: 3600,
      message: expect.stringMatching(/today/),
    });
  });

  it('leaves the last calls of a day to people who wait', () => {
    const left = (calls: string) =>
      pace({ headers: { 'x-ratelimit-limit-daily': '200000', 'x-ratelimit-daily-remaining': calls } });
    expect(['2001', '2000', '0', 'many'].map(left)).toEqual([undefined, 3600, 3600, undefined]);
    expect(pace({ headers: {} })).toBeUndefined();
  });

  it('calls a 403 forbidden', () => {
    expect(explain(403, { message: 'Forbidden resource' })).toMatchObject({ consequence: 'rejected', code: 'FORBIDDEN' });
  });

  it('never lets the brand behind it through', () => {
    const brands = ['HighLevel', 'GoHighLevel', 'Go High Level', 'GHL'];
    for (const brand of [...brands, 'Go-High-Level', 'high_level'])
      expect(whiteLabelled(`Ask ${brand} support`)).toBe('Ask LeadConnector support');
    expect(whiteLabelled('See gohighlevel.com, or highlevel_api')).toBe('See LeadConnector.com, or LeadConnector_api');
    expect(whiteLabelled('a highlevelled floor')).toBe('a highlevelled floor');
    const { whiteLabel, ...shown } = manifest;
    for (const brand of brands) expect(whiteLabel.never).toContain(brand);
    expect(JSON.stringify(shown)).not.toMatch(/high\s*level|\bghl\b/i);
    expect(JSON.stringify(Object.values(handlers.actions))).not.toMatch(/high\s*level|\bghl\b/i);
  });
});
