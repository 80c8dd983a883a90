import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { INTEGRATION, MailchimpHub, MEMBERS, PARTNERS, RIVERSIDE } from './mailchimp-hub.ts';
import { until } from './support/wait.ts';

let mc: MailchimpHub;
beforeAll(async () => {
  mc = await MailchimpHub.start();
});
afterAll(() => mc?.hub.close());

describe('an account connected by sign-in', () => {
  it('changes nothing when consent is denied', async () => {
    const back = await mc.consent('connect', { decision: 'deny' });
    expect(back.status).toBeGreaterThanOrEqual(400);
    expect(await mc.hub.rows("select 1 from integrations where status = 'active'")).toEqual([]);
  });

  it('is connected with a token that has no end', async () => {
    const { body } = await mc.consent('connect');
    expect(body).toMatchObject({ status: 'active', name: 'Blue Fitness', sandbox: true });
    expect(await mc.hub.rows('select expires_at from credentials')).toEqual([{ expires_at: null }]);
    for (const run of Object.values(await mc.firstRuns())) expect(run).toMatchObject({ status: 'succeeded', failed: 0 });
  });

  it('offers audiences, and the tags and fields of the one being chosen', async () => {
    const labels = async (name: string, draft = '') =>
      (await mc.hub.api('GET', `${INTEGRATION}/options/${name}${draft}`)).body.options.map(
        ({ label }: { label: string }) => label,
      );
    expect((await labels('audiences')).sort()).toEqual(['Corporate partners', 'Members and friends']);
    expect(await labels('tags')).toContain('vip');
    expect(await labels('mergeFields')).toContain('First Name (FNAME, text)');
  });

  it('has its webhook made at the audience that is chosen, after its address was asked', async () => {
    const lines = await mc.asked(async () => {
      await mc.choose({ audienceId: MEMBERS, defaultTags: ['newsletter'] });
      await until(async () => /\/webhooks\/mailchimp\/c\//.test((await mc.panel()).facts['Webhooks']), { what: 'the webhook' });
    });
    expect(lines.some((line) => /GET of the webhook validator → 200/.test(line))).toBe(true);
    const { body } = await mc.test();
    expect(body.message).toMatch(/^Connected to Blue Fitness, 2,412 contacts in the audience Members and friends\.$/);
  });

  it('hears of a contact who subscribes, changes, unsubscribes, bounces, moves and is archived', async () => {
    const email = 'heard@mail.example';
    await mc.press('addMember', { email, firstName: 'Hedy' });
    await until(async () => (await mc.member(email))?.data['firstName'] === 'Hedy', { what: 'the contact' });
    await mc.press('changeMember', { email, firstName: 'Heather' });
    await until(async () => (await mc.member(email))?.data['firstName'] === 'Heather', { what: 'the change' });
    await mc.press('unsubscribeMember', { email });
    await mc.heard(email, { status: 'unsubscribed' });
    await mc.press('cleanMember', { email });
    await mc.heard(email, { status: 'cleaned' });
    await mc.press('changeEmail', { email, newEmail: 'moved@mail.example' });
    await until(async () => (await mc.member(email))?.deleted_at, { what: 'the old address to go' });
    await mc.press('archiveMember', { email: 'moved@mail.example' });
    await mc.heard('moved@mail.example', { status: 'archived' });
  });

  it('hears of a campaign that is sent, with its report', async () => {
    await mc.press('draftCampaign', { subject: 'Spring news' });
    const { campaignId } = await mc.press('sendCampaign');
    await until(
      async () =>
        (await mc.hub.rows("select 1 from records where stream = 'reports' and external_id = $1", [campaignId])).length > 0,
      { what: 'the report' },
    );
  });

  it.each(['changed', 'stale', 'unsigned', 'foreign'])('refuses a call that is %s and stores nothing of it', async (how) => {
    const before = (await mc.events()).length;
    expect((await mc.press('forgedWebhook', { how })).statuses).toEqual([401]);
    expect(await mc.events()).toHaveLength(before);
  });

  it('refuses what is sent to its address by a stranger, or to an address that is nobody’s', async () => {
    const url = (await mc.panel()).facts['Webhooks'] as string;
    const body = new URLSearchParams({
      type: 'unsubscribe',
      'data[list_id]': MEMBERS,
      'data[email]': 'a@mail.example',
    }).toString();
    const at = Math.floor(Date.now() / 1000);
    const v1 = createHmac('sha256', 'guessed').update(`${at}.${body}`).digest('hex');
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-mailchimp-signature': `t=${at},v1=${v1}` };
    const post = (to: string) => fetch(to, { method: 'POST', body, headers });
    expect((await post(url)).status).toBe(401);
    expect((await post(`${url}x`)).status).toBe(404);
    expect((await post(`${mc.hub.url}/webhooks/mailchimp`)).status).toBe(404);
  });

  it('acts: adds, tags, sends an event, unsubscribes and asks again, and its own writes do not come back', async () => {
    const before = (await mc.events()).length;
    const email = 'acted@mail.example';
    const saved = await mc.act('saveMember', { email, consent: 'opted-in', firstName: 'Act' });
    expect(saved.body.data ?? saved.body).toMatchObject({ member: { status: 'subscribed', tags: ['newsletter'] } });
    await mc.act('addTags', { email, tags: ['vip'] });
    expect(
      (await mc.act('sendEvent', { email, name: 'order_placed', properties: [{ name: 'total', value: '19.99' }] })).status,
    ).toBe(200);
    await mc.act('unsubscribeMember', { email });
    const refused = await mc.act('saveMember', { email: 'x@fake.example', consent: 'opted-in' });
    expect({ status: refused.status, detail: refused.body.detail }).toEqual({
      status: 400,
      detail: expect.stringMatching(/fake or invalid/),
    });
    await mc.act('askAgain', { email });
    expect((await mc.member(email))?.data).toMatchObject({ status: 'pending', firstName: 'Act', tags: ['newsletter', 'vip'] });
    expect(await mc.events()).toHaveLength(before);
  });

  it('shows for each row of many why it failed', async () => {
    const { body } = await mc.act('saveMembers', {
      consent: 'opted-in',
      members: [{ email: 'bulk1@mail.example', firstName: 'One' }, { email: 'acted@mail.example' }, { email: 'no@fake.example' }],
    });
    expect(body.data ?? body).toMatchObject({ added: 1, updated: 1, failed: 1, errors: [{ row: 3, email: 'no@fake.example' }] });
    expect((await mc.member('bulk1@mail.example'))?.data).toMatchObject({ status: 'subscribed', firstName: 'One' });
  });

  it('finds by a full run who was deleted for good', async () => {
    await mc.press('deleteMember', { email: 'bulk1@mail.example' });
    expect((await mc.sync({ stream: 'members' }))['members']).toMatchObject({ status: 'succeeded', deleted: 0 });
    expect((await mc.sync({ stream: 'members', mode: 'full' }))['members']).toMatchObject({ status: 'succeeded', deleted: 1 });
    expect((await mc.member('bulk1@mail.example'))?.deleted_at).toBeTruthy();
  });

  it('moves its webhook, and its contacts, when another audience is chosen, signed or not', async () => {
    await mc.press('toggleSigning');
    const { members } = await mc.choose({ audienceId: PARTNERS });
    expect(members).toMatchObject({ status: 'succeeded', mode: 'full' });
    const held = "select distinct data->>'listId' as list from records where stream = 'members' and deleted_at is null";
    expect(await mc.hub.rows(held)).toEqual([{ list: PARTNERS }]);
    await until(
      async () =>
        (await mc.panel()).log.some(({ line }: { line: string }) => line.startsWith(`DELETE /3.0/lists/${MEMBERS}/webhooks/`)),
      {
        what: 'the old webhook to be removed',
      },
    );
    await mc.press('addMember', { email: 'unheard@mail.example', audience: MEMBERS });
    await mc.press('addMember', { email: 'partner@mail.example', audience: PARTNERS });
    await mc.heard('partner@mail.example', { status: 'subscribed' });
    expect(await mc.member('unheard@mail.example')).toBeUndefined();
  });

  it('asks to reconnect once the app was removed, and works again after that, with the same account only', async () => {
    await mc.press('revokeTokens');
    expect((await mc.test()).body.code).toBe('RECONNECT_NEEDED');
    expect((await mc.hub.api('GET', INTEGRATION)).body.status).toBe('error');
    const other = await mc.consent('reconnect', { account: RIVERSIDE });
    expect(other.status).toBe(409);
    const again = await mc.consent('reconnect');
    expect(again.body).toMatchObject({ status: 'active', name: 'Blue Fitness' });
    expect((await mc.test()).body.message).toMatch(/Corporate partners/);
  });

  it('waits out a limit that does not say how long', async () => {
    await mc.press('fail', { how: '429', calls: 1 });
    const limited = await mc.test();
    expect(limited.body).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED' });
    await mc.press('fail', { how: '502', calls: 1 });
    expect((await mc.test()).body.message).toMatch(/^Connected/);
  });

  it('removes its webhook and its credential when it ends, and keeps the records', async () => {
    expect((await mc.disconnect(true)).status).toBeLessThan(300);
    expect((await mc.panel()).facts['Webhooks']).toMatch(/none yet/);
    expect(await mc.hub.rows('select 1 from credentials')).toEqual([]);
    const [{ count } = { count: 0 }] = await mc.hub.rows<{ count: number }>(
      "select count(*)::int as count from records where stream = 'members'",
    );
    expect(count).toBeGreaterThan(2724);
  });
});
