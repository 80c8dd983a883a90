import { beforeEach, describe, expect, it } from '@jest/globals';
import { failure } from 'patchbay/testing';
import { memberHash } from './api.ts';
import type { Config } from './manifest.ts';
import { act, dataOf, handlers, MEMBERS, newRig, type Rig, recordsIn } from './test-rig.ts';

let rig: Rig;
beforeEach(() => {
  rig = newRig();
});

const EMAIL = 'Ada.New@Mail.example';

const sent = (method: string, path: string) =>
  rig.seen.filter(({ req }) => req.method === method && req.path === path).map(({ req }) => JSON.parse(req.body || '{}'));
const writes = () => rig.seen.filter(({ req }) => req.method !== 'GET').map(({ req }) => `${req.method} ${req.path}`);

function memberWith(status: string): string {
  const found = rig.sim.world.at('members', MEMBERS).find((doc) => doc['status'] === status);
  return String(found?.['email_address']);
}

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
