import { beforeEach, describe, expect, it } from '@jest/globals';
import { failure } from 'patchbay/testing';
import { memberHash } from './api.ts';
import type { Config } from './manifest.ts';
import { act, dataOf, MEMBERS, newRig, PARTNERS, type Rig, recordsIn } from './test-rig.ts';

let rig: Rig;
beforeEach(() => {
  rig = newRig();
});

const EMAIL = 'Ada.New@Mail.example';
const PATH = `/3.0/lists/${MEMBERS}/members/${memberHash(EMAIL)}`;

const save = (input: object, config: Partial<Config> = {}) => act(rig.ctx(config), 'saveMember', { email: EMAIL, ...input });
const sent = (method: string, path = PATH) =>
  rig.seen.filter(({ req }) => req.method === method && req.path === path).map(({ req }) => JSON.parse(req.body || '{}'));

function memberWith(status: string): string {
  const found = rig.sim.world.at('members', MEMBERS).find((doc) => doc['status'] === status);
  return String(found?.['email_address']);
}

describe('adding or updating a contact', () => {
  it('needs an audience, named or chosen', async () => {
    const { audienceId: _, ...config } = rig.ctx().config;
    const error = await failure(act({ ...rig.ctx(), config }, 'saveMember', { email: EMAIL }));
    expect(error?.fields?.[0]?.pointer).toBe('/audienceId');
    expect(rig.seen).toEqual([]);
  });

  it('adds nobody who has not agreed, unless the settings allow it, and then without marketing', async () => {
    const error = await failure(save({ firstName: 'Ada' }));
    expect(error).toMatchObject({ consequence: 'rejected', fields: [{ pointer: '/consent' }] });
    await save({ firstName: 'Ada' }, { addTransactional: true });
    expect(sent('PUT')).toEqual([expect.objectContaining({ status_if_new: 'transactional' })]);
  });

  it.each([
    ['single where the audience says so', MEMBERS, 'audience', 'subscribed'],
    ['double where the audience says so', PARTNERS, 'audience', 'pending'],
    ['double where the settings say so', MEMBERS, 'double', 'pending'],
    ['single where the settings say so', PARTNERS, 'single', 'subscribed'],
  ] as const)('opts in %s', async (_, audienceId, optIn, status) => {
    await save({ consent: 'opted-in', company: 'Co' }, { audienceId, optIn, fieldMap: { company: 'COMPANY' } });
    const [body] = sent('PUT', `/3.0/lists/${audienceId}/members/${memberHash(EMAIL)}`);
    expect(body).toMatchObject({ email_address: EMAIL, status_if_new: status });
    expect(body).not.toHaveProperty('status');
  });

  it('never touches the status of somebody who is there', async () => {
    const email = memberWith('unsubscribed');
    await act(rig.ctx(), 'saveMember', { email, consent: 'opted-in', firstName: 'Still' });
    const { data } = await act(rig.ctx(), 'getMember', { email });
    expect(data['member']).toMatchObject({ status: 'unsubscribed', firstName: 'Still' });
  });

  it('finds the contact whatever the capitals of the address', async () => {
    await save({ consent: 'opted-in', firstName: 'Ada' });
    await act(rig.ctx(), 'saveMember', { email: EMAIL.toUpperCase(), consent: 'opted-in', lastName: 'New' });
    const { data, effects } = await act(rig.ctx(), 'getMember', { email: EMAIL.toLowerCase() });
    expect(data['member']).toMatchObject({ firstName: 'Ada', lastName: 'New' });
    expect(recordsIn(effects)[0]?.id).toBe(`${MEMBERS}:${memberHash(EMAIL)}`);
  });

  it('writes fields where the settings say, and names those that have no place', async () => {
    const input = {
      consent: 'opted-in',
      firstName: 'Ada',
      company: 'Co',
      birthday: '03/14',
      mergeFields: { LNAME: 'New', PHONE: '' },
    };
    const { data } = await save(input, { fieldMap: { firstName: 'FNAME', birthday: 'BIRTHDAY' } });
    expect(sent('PUT')[0]).toMatchObject({ merge_fields: { FNAME: 'Ada', BIRTHDAY: '03/14', LNAME: 'New' } });
    expect(data['notWritten']).toEqual(['company']);
  });

  it('takes an address whole or not at all', async () => {
    const error = await failure(save({ consent: 'opted-in', line1: '1 Main St', city: 'Austin' }));
    expect(error?.fields?.map(({ pointer }) => pointer)).toEqual(['/state', '/postalCode']);
    await save({ consent: 'opted-in', line1: '1 Main St', city: 'Austin', state: 'TX', postalCode: '78701', country: 'US' });
    expect(sent('PUT')[0].merge_fields.ADDRESS).toEqual({
      addr1: '1 Main St',
      city: 'Austin',
      state: 'TX',
      zip: '78701',
      country: 'US',
    });
  });

  it('says which required field is missing, and leaves it out where the settings allow that', async () => {
    const settings = { audienceId: PARTNERS, fieldMap: {} };
    const error = await failure(save({ consent: 'opted-in' }, settings));
    expect(error).toMatchObject({ consequence: 'rejected', fields: [{ pointer: '/COMPANY' }] });
    await save({ consent: 'opted-in' }, { ...settings, skipRequired: true });
    expect(rig.seen.findLast(({ req }) => req.method === 'PUT')?.req.query.get('skip_merge_validation')).toBe('true');
  });

  it('adds the tags of the settings to those given, under the names they have at the provider', async () => {
    const settings = { defaultTags: ['newsletter'], tagMap: [{ store: 'Best', mailchimp: 'vip' }] };
    const { data, effects } = await save({ consent: 'opted-in', tags: ['best', 'newsletter', 'own'] }, settings);
    expect(data['tags']).toEqual(['vip', 'newsletter', 'own']);
    const tags = (dataOf(recordsIn(effects)[0])?.['tags'] ?? []) as string[];
    expect([...tags].sort()).toEqual(['newsletter', 'own', 'vip']);
  });

  it.each([
    ['looks fake', 'test@mail.example', /fake or invalid/],
    ['was deleted for good', 'gone@mail.example', /deleted for good/],
  ])('passes on in plain words that an address %s', async (_, email, message) => {
    if (email.startsWith('gone')) {
      await act(rig.ctx(), 'saveMember', { email, consent: 'opted-in' });
      await act(rig.ctx(), 'deleteForGood', { email, confirmEmail: email });
    }
    const error = await failure(act(rig.ctx(), 'saveMember', { email, consent: 'opted-in' }));
    expect(error).toMatchObject({ consequence: 'rejected', message: expect.stringMatching(message) });
  });

  it('succeeds although the contact cannot be read back, and has it synced', async () => {
    rig.intercept = (req) => (req.method === 'GET' && req.path === PATH ? { status: 500, body: {} } : undefined);
    expect(await save({ consent: 'opted-in' })).toMatchObject({
      data: { member: { email: EMAIL } },
      effects: [{ kind: 'resync', stream: 'members' }],
    });
  });
});

describe('tags and automations', () => {
  beforeEach(async () => {
    await save({ consent: 'opted-in' });
    rig.seen.length = 0;
  });
  const tag = (tags: string[], config: Partial<Config> = {}) => act(rig.ctx(config), 'addTags', { email: EMAIL, tags });
  const tagged = () => sent('POST', `${PATH}/tags`);

  it('are added and removed without touching the others', async () => {
    await tag(['a', 'b']);
    const { data, effects } = await act(rig.ctx(), 'removeTags', { email: EMAIL, tags: ['A'] });
    expect(data['tags']).toEqual(['b']);
    expect(dataOf(recordsIn(effects)[0])).toMatchObject({ tags: ['b'] });
  });

  it('need a name', async () => {
    expect((await failure(tag([' '])))?.fields?.[0]?.pointer).toBe('/tags');
  });

  it.each([
    ['all', [{ tags: ['a', 'b'], is_syncing: false }]],
    ['none', [{ tags: ['a', 'b'], is_syncing: true }]],
    [
      'chosen',
      [
        { tags: ['b'], is_syncing: false },
        { tags: ['a'], is_syncing: true },
      ],
    ],
  ] as const)('start automations as the settings say: %s', async (automations, wanted) => {
    await tag(['a', 'b'], { automations, automationTags: ['B'] });
    const calls = tagged().map(({ tags, is_syncing }) => ({ tags: tags.map(({ name }: { name: string }) => name), is_syncing }));
    expect(calls).toEqual(wanted);
  });

  it('do not find who is not there', async () => {
    const error = await failure(act(rig.ctx(), 'addTags', { email: 'nobody@mail.example', tags: ['a'] }));
    expect(error?.consequence).toBe('not-found');
  });

  it.each([
    ['all', false],
    ['none', true],
    ['chosen', true],
  ] as const)('events start automations as the settings say: %s', async (automations, syncing) => {
    const properties = [{ name: 'total', value: '19.99' }];
    const input = { email: EMAIL, name: 'order_placed', properties, occurredAt: '2026-03-14T09:30:00+01:00' };
    const { data } = await act(rig.ctx({ automations, automationEvents: ['booked'] }), 'sendEvent', input);
    expect(sent('POST', `${PATH}/events`)).toEqual([
      { name: 'order_placed', properties: { total: '19.99' }, occurred_at: '2026-03-14T08:30:00.000Z', is_syncing: syncing },
    ]);
    expect(data).toEqual({ name: 'order_placed', startsAutomations: !syncing });
  });

  it('an event of somebody who is not there says so, and one at no moment is not sent', async () => {
    const error = await failure(act(rig.ctx(), 'sendEvent', { email: 'nobody@mail.example', name: 'booked' }));
    expect(error).toMatchObject({ consequence: 'not-found', message: expect.stringMatching(/Add them first/) });
    const input = { email: EMAIL, name: 'booked', occurredAt: '2026-13-14T09:30:00Z' };
    expect((await failure(act(rig.ctx(), 'sendEvent', input)))?.fields?.[0]?.pointer).toBe('/occurredAt');
  });
});
