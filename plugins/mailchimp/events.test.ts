import { describe, expect, it } from '@jest/globals';
import { hubError, type Incoming } from 'patchbay';
import { memberHash } from './api.ts';
import { dataOf, MEMBERS, newRig, PARTNERS, type Rig, recordsIn, URL_OF_HOOK, webhook } from './test-rig.ts';

/** What the last of the webhooks changes. */
async function lastEffects(rig: Rig, config = {}) {
  const [event] = webhook.events((await rig.hooks()).at(-1) as Incoming);
  return webhook.onEvent(rig.ctx(config), event as NonNullable<typeof event>);
}

async function subscribedRig(): Promise<Rig> {
  const rig = newRig();
  await webhook.subscribe(rig.ctx(), URL_OF_HOOK);
  return rig;
}

describe('handling events', () => {
  it.each([
    ['addMember', 'subscribed'],
    ['changeMember', 'subscribed'],
    ['unsubscribeMember', 'unsubscribed'],
    ['cleanMember', 'cleaned'],
    ['archiveMember', 'archived'],
  ])('after %s keeps the contact as it is now: %s', async (command, status) => {
    const rig = await subscribedRig();
    await rig.press('addMember', { email: 'heard@mail.example' });
    if (command !== 'addMember') await rig.press(command, { email: 'heard@mail.example' });
    const [item] = recordsIn(await lastEffects(rig));
    expect(dataOf(item)).toMatchObject({ email: 'heard@mail.example', status, listId: MEMBERS });
    expect(item?.id).toBe(`${MEMBERS}:${memberHash('heard@mail.example')}`);
  });

  it('moves a contact whose address changed', async () => {
    const rig = await subscribedRig();
    await rig.press('addMember', { email: 'old@mail.example' });
    await rig.press('changeEmail', { email: 'old@mail.example', newEmail: 'new@mail.example' });
    const items = recordsIn(await lastEffects(rig));
    expect(items).toEqual([
      { id: `${MEMBERS}:${memberHash('old@mail.example')}`, deleted: true },
      expect.objectContaining({ id: `${MEMBERS}:${memberHash('new@mail.example')}` }),
    ]);
  });

  it.each([
    ['that of a contact who is still there', 'staying@mail.example'],
    ['the new one in capitals', 'NEW@mail.example'],
  ])('deletes nobody on the word of a call whose old address is %s', async (_, old_email) => {
    const rig = await subscribedRig();
    for (const email of ['staying@mail.example', 'new@mail.example']) await rig.press('addMember', { email });
    const data = { list_id: MEMBERS, new_email: 'new@mail.example', old_email };
    const items = recordsIn(await webhook.onEvent(rig.ctx(), { id: 'e1', type: 'upemail', data }));
    expect(items.filter((item) => 'deleted' in item)).toEqual([]);
    expect(items.map(({ id }) => id)).toContain(`${MEMBERS}:${memberHash('new@mail.example')}`);
  });

  it('takes a contact for moved whom the provider shows under the new address when asked for the old', async () => {
    const rig = await subscribedRig();
    await rig.press('addMember', { email: 'new@mail.example' });
    const [old, now] = ['old@mail.example', 'new@mail.example'].map((email) => memberHash(email));
    rig.intercept = ({ path }) =>
      path.endsWith(`/members/${old}`)
        ? { status: 200, headers: {}, body: JSON.stringify({ id: now, list_id: MEMBERS, email_address: 'new@mail.example' }) }
        : undefined;
    const data = { list_id: MEMBERS, new_email: 'new@mail.example', old_email: 'old@mail.example' };
    const items = recordsIn(await webhook.onEvent(rig.ctx(), { id: 'e1', type: 'upemail', data }));
    expect(items).toEqual([
      { id: `${MEMBERS}:${old}`, deleted: true },
      expect.objectContaining({ id: `${MEMBERS}:${now}`, data: expect.objectContaining({ email: 'new@mail.example' }) }),
    ]);
  });

  it('deletes a contact that is gone by the time the event is handled', async () => {
    const rig = await subscribedRig();
    await rig.press('addMember', { email: 'short@mail.example' });
    await rig.press('deleteMember', { email: 'short@mail.example' });
    expect(recordsIn(await lastEffects(rig))).toEqual([{ id: `${MEMBERS}:${memberHash('short@mail.example')}`, deleted: true }]);
  });

  it('reads the campaign and its report once it was sent', async () => {
    const rig = await subscribedRig();
    await rig.press('draftCampaign', { subject: 'Spring' });
    const { campaignId } = await rig.press('sendCampaign');
    const effects = await lastEffects(rig);
    expect(recordsIn(effects, 'campaigns')).toMatchObject([{ id: campaignId, data: { status: 'sent', title: 'Spring' } }]);
    expect(recordsIn(effects, 'reports')).toMatchObject([{ id: campaignId, data: { emailsSent: expect.any(Number) } }]);
  });

  it('changes nothing for an audience no longer chosen, nor for records that are not synced', async () => {
    const rig = await subscribedRig();
    await rig.press('addMember');
    expect(await lastEffects(rig, { audienceId: PARTNERS })).toEqual([]);
    expect(await lastEffects(rig, { streams: ['campaigns'] })).toEqual([]);
  });

  it('waits when the contact cannot be read just now', async () => {
    const rig = await subscribedRig();
    await rig.press('addMember');
    rig.intercept = () => ({ status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad Gateway</html>' });
    const error = await lastEffects(rig).then(
      () => undefined,
      (reason) => hubError(reason),
    );
    expect(error?.consequence).toBe('try-later');
  });
});
