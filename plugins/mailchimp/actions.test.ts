import { beforeEach, describe, expect, it } from '@jest/globals';
import { hubError } from 'patchbay';
import { memberHash } from './api.ts';
import type { Config } from './manifest.ts';
import { act, dataOf, handlers, MEMBERS, newRig, PARTNERS, type Rig, recordsIn } from './test-rig.ts';

let rig: Rig;
beforeEach(() => {
  rig = newRig();
});

const EMAIL = 'Ada.New@Mail.example';
const PATH = `/3.0/lists/${MEMBERS}/members/${memberHash(EMAIL)}`;

const save = (input: object, config: Partial<Config> = {}) => act(rig.ctx(config), 'saveMember', { email: EMAIL, ...input });
const sent = (method: string, path = PATH) =>
  rig.seen.filter(({ req }) => req.method === method && req.path === path).map(({ req }) => JSON.parse(req.body || '{}'));
const writes = () => rig.seen.filter(({ req }) => req.method !== 'GET').map(({ req }) => `${req.method} ${req.path}`);

async function failure(promise: Promise<unknown>) {
  return promise.then(
    () => undefined,
    (error) => hubError(error),
  );
}

function memberWith(status: string): string {
  const found = rig.sim.world.all('members', MEMBERS).find((doc) => doc['status'] === status);
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

  it('succeeds although the contact cannot be read back', async () => {
    rig.intercept = (req) => (req.method === 'GET' && req.path === PATH ? { status: 500, body: {} } : undefined);
    expect(await save({ consent: 'opted-in' })).toMatchObject({ data: { member: { email: EMAIL } }, effects: [] });
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

describe('leaving and coming back', () => {
  it('unsubscribes, and only by a mail to confirm asks to come back', async () => {
    const email = memberWith('subscribed');
    const { effects } = await act(rig.ctx(), 'unsubscribeMember', { email });
    expect(dataOf(recordsIn(effects)[0])).toMatchObject({ status: 'unsubscribed' });
    const back = await act(rig.ctx(), 'askAgain', { email });
    expect(dataOf(recordsIn(back.effects)[0])).toMatchObject({ status: 'pending' });
  });

  it('passes on that somebody cannot be subscribed from here', async () => {
    const email = memberWith('unsubscribed');
    const refused = rig.ctx().http.patch(`/lists/${MEMBERS}/members/${memberHash(email)}`, { json: { status: 'subscribed' } });
    expect(await failure(refused)).toMatchObject({ code: 'CONFLICT', message: expect.stringMatching(/Ask to subscribe again/) });
  });

  it('archives, and can add again', async () => {
    const email = memberWith('subscribed');
    const { effects } = await act(rig.ctx(), 'archiveMember', { email });
    expect(dataOf(recordsIn(effects)[0])).toMatchObject({ status: 'archived' });
    expect((await failure(act(rig.ctx(), 'archiveMember', { email: 'nobody@mail.example' })))?.consequence).toBe('not-found');
  });

  it('deletes for good only when the address was written twice, and says what that means', async () => {
    const email = memberWith('subscribed');
    const mistaken = await failure(act(rig.ctx(), 'deleteForGood', { email, confirmEmail: 'other@mail.example' }));
    expect(mistaken?.fields?.[0]?.pointer).toBe('/confirmEmail');
    expect(writes()).toEqual([]);
    const { effects } = await act(rig.ctx(), 'deleteForGood', { email, confirmEmail: email.toUpperCase() });
    expect(recordsIn(effects)).toEqual([{ id: `${MEMBERS}:${memberHash(email)}`, deleted: true }]);
    expect(handlers.actions['deleteForGood']?.description).toMatch(/cannot be undone/);
  });
});

describe('adding or updating many', () => {
  const many = (members: object[], config: Partial<Config> = {}, more = {}) =>
    act(rig.ctx(config), 'saveMembers', { members, consent: 'opted-in', ...more });
  const batches = () => sent('POST', `/3.0/lists/${MEMBERS}`);

  it('adds who is new and updates who is there, and never sends a status for those', async () => {
    const there = memberWith('unsubscribed');
    const { data, effects } = await many([
      { email: EMAIL, firstName: 'Ada' },
      { email: there, firstName: 'Still' },
    ]);
    expect(data).toEqual({ added: 1, updated: 1, failed: 0, errors: [] });
    expect(
      batches().map(({ members, update_existing }) => [
        members.length,
        update_existing,
        members.some((row: object) => 'status' in row),
      ]),
    ).toEqual([
      [2, false, true],
      [1, true, false],
    ]);
    expect(
      recordsIn(effects)
        .map((item) => dataOf(item)?.['status'])
        .sort(),
    ).toEqual(['subscribed', 'unsubscribed']);
  });

  it('shows each row that failed, by its number and why', async () => {
    const { data } = await many([{ email: EMAIL }, { email: 'x@fake.example' }, { email: 'test@mail.example' }]);
    expect(data).toMatchObject({
      added: 1,
      failed: 2,
      errors: [
        { row: 2, email: 'x@fake.example', message: expect.stringMatching(/looks fake/) },
        { row: 3, email: 'test@mail.example', message: expect.stringMatching(/looks fake/) },
      ],
    });
  });

  it('sends an address once, as its last row has it', async () => {
    await many([
      { email: EMAIL, firstName: 'One' },
      { email: EMAIL.toUpperCase(), firstName: 'Two' },
    ]);
    expect(batches()[0].members).toEqual([expect.objectContaining({ merge_fields: { FNAME: 'Two' } })]);
  });

  it('only updates where nobody agreed, and names who was not added', async () => {
    const there = memberWith('subscribed');
    const { data } = await many([{ email: EMAIL }, { email: there, firstName: 'Up' }], {}, { consent: 'not-asked' });
    expect(data).toMatchObject({ added: 0, updated: 1, failed: 1, errors: [{ row: 1, email: EMAIL }] });
    expect(batches()).toHaveLength(1);
  });

  it('needs a row, and an answer that says what became of it', async () => {
    expect((await failure(many([])))?.fields?.[0]?.pointer).toBe('/members');
    rig.intercept = ({ method }) => (method === 'POST' ? { status: 200, body: {} } : undefined);
    expect((await failure(many([{ email: EMAIL }])))?.consequence).toBe('rejected');
  });
});
