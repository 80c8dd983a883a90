import { describe, expect, it } from '@jest/globals';
import type { SandboxRequest } from 'patchbay';
import { manifest } from './manifest.ts';
import { BLUE_FITNESS } from './sandbox/demo.ts';
import { departures, officialOf, requests } from './test-official.ts';
import { act, handlers, newRig, type Rig, recordIn, run, type Seen } from './test-rig.ts';

const [oauth] = manifest.auth;

async function bookAndBlock(rig: Rig): Promise<void> {
  const ctx = rig.ctx();
  const calendarId = rig.sim.world.furniture(BLUE_FITNESS.id).calendars[0]?.id as string;
  const contactId = rig.sim.world.at('contacts', BLUE_FITNESS.id)[0]?.id as string;
  const [from, to] = [0, 20].map((days) => new Date(Date.now() + days * 86_400_000).toISOString());
  const { data } = await act(ctx, 'getFreeSlots', { calendarId, from, to, userId: 'u1' });
  const [first, second] = data['slots'] as string[];
  const input = { calendarId, contactId, startTime: first, title: 'T', address: 'A', assignedUserId: 'u1', notify: false };
  const appointmentId = recordIn((await act(ctx, 'bookAppointment', input)).effects)?.id;
  await act(ctx, 'rescheduleAppointment', { appointmentId, startTime: second });
  await act(ctx, 'cancelAppointment', { appointmentId });
  const [startTime, endTime] = ['2030-03-14T09:00:00Z', '2030-03-14T10:00:00Z'];
  await act(ctx, 'createBlockSlot', { calendarId, startTime, endTime, title: 'Closed' });
  await act(ctx, 'createBlockSlot', { assignedUserId: 'u1', startTime, endTime });
  await act(ctx, 'listCalendars', {});
}

async function writeContacts(rig: Rig): Promise<void> {
  const ctx = rig.ctx({ config: { contactTags: ['store'] } });
  const strings = [
    'firstName',
    'lastName',
    'phone',
    'address1',
    'city',
    'state',
    'postalCode',
    'timezone',
    'source',
    'assignedTo',
  ];
  const all = {
    ...Object.fromEntries(strings.map((name) => [name, name === 'phone' ? '+15550001111' : name])),
    email: 'all@new.example',
    country: 'US',
    website: 'https://example.com',
    dnd: true,
    customFields: ['abcdefghijklmnopqrst=1', 'Goal=Run'],
    tags: ['a'],
  };
  const contactId = recordIn((await act(ctx, 'createContact', { ...all, companyName: 'Co' })).effects)?.id;
  await act(ctx, 'updateContact', { ...all, contactId });
  await act(ctx, 'upsertContact', { ...all, companyName: 'Co' });
  await act(ctx, 'upsertContact', { email: 'else@new.example' });
  await act(ctx, 'addTags', { contactId, tags: ['b'] });
  await act(ctx, 'removeTags', { contactId, tags: ['b'] });
  await act(ctx, 'getContact', { contactId });
}

/** Everything the plugin ever asks of the provider. */
async function everything(): Promise<readonly Seen[]> {
  const rig = newRig();
  const ctx = rig.ctx();
  await handlers.identify(ctx, { locationId: BLUE_FITNESS.id });
  await handlers.test(ctx);
  for (const [name, stream] of Object.entries(handlers.streams)) {
    if (!stream.sync) continue;
    const { checkpoint } = await run(ctx, name);
    if (stream.mode === 'incremental') await run(ctx, name, { from: checkpoint });
  }
  for (const load of Object.values(handlers.options)) await load(ctx, {});
  await writeContacts(rig);
  await bookAndBlock(rig);
  const pipelineId = rig.sim.world.furniture(BLUE_FITNESS.id).pipelines[0]?.id as string;
  const contactId = rig.sim.world.at('contacts', BLUE_FITNESS.id)[0]?.id as string;
  const deal = { name: 'Deal', contactId, pipelineId, monetaryValue: 5, customFields: ['abcdefghijklmnopqrst=1'] };
  const opportunityId = recordIn((await act(ctx, 'createOpportunity', deal)).effects)?.id;
  await act(ctx, 'setOpportunityStatus', { opportunityId, status: 'won' });
  for (const req of rig.webhooks()) {
    for (const event of handlers.webhook.events(req)) await handlers.webhook.onEvent?.(ctx, event);
  }
  return rig.seen;
}

describe('what the plugin asks of the provider', () => {
  it('is noticed when it departs from the specification', () => {
    const req = (change: Partial<SandboxRequest>): SandboxRequest => ({
      method: 'GET',
      host: 'services.leadconnectorhq.com',
      path: '/calendars/',
      query: new URLSearchParams({ locationId: 'l' }),
      headers: { version: '2021-04-15' },
      body: '',
      signal: new AbortController().signal,
      ...change,
    });
    expect(departures(req({}))).toEqual([]);
    expect(departures(req({ headers: { version: '2021-07-28' } }))).toHaveLength(1);
    expect(departures(req({ query: new URLSearchParams({ location: 'l' }) }))).toEqual([
      'locationId is missing',
      'location is unknown',
    ]);
    expect(departures(req({ path: '/calendars' }))).toEqual(['no such request']);
    expect(departures(req({ body: '{}' }))).toEqual(['has a body']);
  });

  it('follows the official specification, request by request, and is answered', async () => {
    const seen = await everything();
    const faults = seen.flatMap(({ req, status }) => {
      const all = [...departures(req), ...(officialOf(req)?.success.includes(status) ? [] : [`was answered ${status}`])];
      return all.map((fault) => `${req.method} ${req.path}: ${fault}`);
    });
    expect(faults).toEqual([]);
    const asked = new Set(seen.map(({ req }) => officialOf(req)));
    const never = requests.filter((official) => !asked.has(official)).map(({ method, path }) => `${method} ${path}`);
    expect(never).toEqual(['POST /oauth/token']);
  });

  it('is covered by the scopes it asks for, and asks for none it could do without', () => {
    const wanted = requests.flatMap(({ scopes }) => scopes);
    expect(oauth.scopes.map(({ name }) => name)).toEqual(expect.arrayContaining(wanted));
    const needed = oauth.scopes.filter((scope) => !('optional' in scope)).map(({ name }) => name);
    expect(wanted).toEqual(expect.arrayContaining(needed));
  });

  it('gets its tokens where and as the specification says', () => {
    const token = requests.find(({ path }) => path === '/oauth/token');
    expect(oauth.tokenUrl).toBe(`${manifest.baseUrl}${token?.path}`);
    const standard = ['client_id', 'client_secret', 'grant_type', 'code', 'redirect_uri', 'refresh_token'];
    const sent = [...standard, ...Object.keys(oauth.tokenParams)];
    expect(Object.keys(token?.body?.properties ?? {})).toEqual(expect.arrayContaining(sent));
    expect(sent).toEqual(expect.arrayContaining([...(token?.body?.required ?? [])]));
    expect(oauth.clientAuth).toBe('body');
  });
});
