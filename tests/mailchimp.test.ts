import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, call, type Hub, startHub } from './support/hub.ts';
import { until } from './support/wait.ts';

const INTEGRATION = '/api/stores/default/integrations/mailchimp';
const MEMBERS = '3f8c1b2a4d';
const PARTNERS = '9b7e6d5c4a';
const BLUE = '8d3a3db4d97663a9074efcc16';
const RIVERSIDE = '1c9b8a7f6e5d4c3b2a1908172';

let hub: Hub;
let demo: Record<string, string>;

async function freshHub(): Promise<void> {
  await hub?.close();
  hub = await startHub();
  demo = (await panel()).credentials;
}
afterAll(() => hub?.close());

const panel = async () => (await call('GET', `${hub.url}/sandbox/mailchimp`)).body;

const press = async (command: string, input: object = {}) => {
  const { status, body } = await hub.sandbox('mailchimp', command, input);
  if (status !== 200) throw new Error(`${command}: ${status} ${JSON.stringify(body)}`);
  return body.result;
};

const connect = (fields: object) => hub.api('POST', `${INTEGRATION}/connect`, { method: 'manual', fields });
const configure = (config: object) => hub.api('PUT', `${INTEGRATION}/configure`, config);
const act = (name: string, input: object) => hub.api('POST', `${INTEGRATION}/actions/${name}`, input);

/** Goes through the simulator's consent page as a browser would, and hands what comes back to the hub. */
async function consent(begun: Answer, { account = BLUE, decision = 'allow' } = {}): Promise<Answer> {
  const body = new URLSearchParams({ account, decision });
  const answer = await fetch(begun.body.authorizeUrl, { method: 'POST', body, redirect: 'manual' });
  const back = new URL(answer.headers.get('location') ?? 'http://nowhere');
  return hub.api('GET', `/api/integrations/mailchimp/oauth/callback${back.search}`);
}

const begin = (how: 'connect' | 'reconnect') => hub.api('POST', `${INTEGRATION}/${how}`, { method: 'oauth' });

interface Run {
  readonly status: string;
  readonly seen: number;
  readonly written: number;
  readonly deleted: number;
  readonly failed: number;
}

async function finished(runId: string): Promise<Run & { stream: string }> {
  return until(
    async () => {
      const { body } = await hub.api('GET', `${INTEGRATION}/runs/${runId}`);
      return ['queued', 'running'].includes(body.status) ? undefined : body;
    },
    { what: 'the run to end', withinMs: 60_000 },
  );
}

async function sync(input: object = {}): Promise<Record<string, Run>> {
  const { status, body } = await hub.api('POST', `${INTEGRATION}/sync`, input);
  expect({ status, body }).toMatchObject({ status: 202 });
  const ended = await Promise.all(body.runs.map(({ id }: { id: string }) => finished(id)));
  return Object.fromEntries(ended.map((run) => [run.stream, run]));
}

async function firstRuns(): Promise<Record<string, Run>> {
  const { runs } = (await hub.api('GET', `${INTEGRATION}/runs`)).body;
  const ended = await Promise.all(runs.map(({ id }: { id: string }) => finished(id)));
  return Object.fromEntries(ended.map((run) => [run.stream, run]));
}

async function member(email: string) {
  const [row] = await hub.rows<{ data: Record<string, unknown>; deleted_at: Date | null }>(
    "select data, deleted_at from records where stream = 'members' and data->>'email' = $1 order by updated_at desc",
    [email],
  );
  return row;
}

const heard = (email: string, status: string) =>
  until(async () => (await member(email))?.data['status'] === status, { what: `${email} to be ${status}` });

const events = async () => (await hub.api('GET', `${INTEGRATION}/events`)).body.events as { type: string; status: string }[];

/** The simulator's log of what it was asked meanwhile, latest first. */
async function asked(work: () => Promise<unknown>): Promise<string[]> {
  const lines = async () => (await panel()).log.map(({ at, line }: { at: string; line: string }) => `${at} ${line}`);
  const [latest] = await lines();
  await work();
  const after = await lines();
  return latest ? after.slice(0, after.indexOf(latest)) : after;
}

describe('an account connected by its key', () => {
  beforeAll(freshHub);

  it.each([
    ['a key the provider does not know', { apiKey: '00000000000000000000000000000000-us19' }, 'INVALID_CREDENTIALS'],
    ['a key of another server than named', { serverPrefix: 'us6' }, 'INVALID_CREDENTIALS'],
    ['a key that cannot be one', { apiKey: 'secret' }, 'INVALID_CREDENTIALS'],
    ['no server prefix', { serverPrefix: undefined }, 'CONFIG_SCHEMA_INVALID'],
    ['a field that is not asked for', { colour: 'red' }, 'CONFIG_SCHEMA_INVALID'],
  ])('is refused with %s and nothing is kept', async (_, wrong, code) => {
    const { status, body } = await connect({ ...demo, ...wrong });
    expect({ status, code: body.code }).toEqual({ status: 422, code });
    expect(JSON.stringify(body)).not.toContain(demo['apiKey']);
    expect(await hub.rows('select 1 from integrations')).toEqual([]);
  });

  it('says which server the key belongs to without asking the provider', async () => {
    const lines = await asked(async () => {
      const { body } = await connect({ ...demo, serverPrefix: 'us6' });
      expect(body.detail ?? body.message).toMatch(/belongs to the server us19/);
      expect(body.errors).toEqual([{ pointer: '/fields/serverPrefix', message: expect.stringMatching(/us19/) }]);
    });
    expect(lines).toEqual([]);
  });

  it('is kept with its name and counts, and syncs every record of all its audiences', async () => {
    const { status, body } = await connect(demo);
    expect({ status, name: body.name, state: body.status }).toEqual({ status: 201, name: 'Blue Fitness', state: 'active' });
    expect(body.counts).toMatchObject({ audiences: 2, members: 2724 });
    const runs = await firstRuns();
    expect(Object.keys(runs).sort()).toEqual(['audiences', 'campaigns', 'members', 'mergeFields', 'reports', 'tags']);
    for (const run of Object.values(runs)) expect(run).toMatchObject({ status: 'succeeded', failed: 0 });
    expect(runs['members']?.written).toBe(2724);
    expect((await panel()).facts['Webhooks']).toMatch(/none yet/);
  });

  it('reads only what changed when it is synced again', async () => {
    const lines = await asked(async () => {
      const runs = await sync();
      for (const run of Object.values(runs)) expect(run).toMatchObject({ status: 'succeeded', written: 0, deleted: 0 });
      expect(runs['members']?.seen).toBeLessThan(50);
    });
    expect(lines.filter((line) => /\/members/.test(line))).toHaveLength(4);
  });

  it('ends, and leaves nothing of the credential', async () => {
    expect((await hub.api('DELETE', `${INTEGRATION}?keepRecords=false`)).status).toBeLessThan(300);
    expect(await hub.rows('select 1 from credentials')).toEqual([]);
  });
});

describe('an account connected by sign-in', () => {
  beforeAll(freshHub);

  it('changes nothing when consent is denied', async () => {
    const back = await consent(await begin('connect'), { decision: 'deny' });
    expect(back.status).toBeGreaterThanOrEqual(400);
    expect(await hub.rows("select 1 from integrations where status = 'active'")).toEqual([]);
  });

  it('is connected with a token that has no end', async () => {
    const { body } = await consent(await begin('connect'));
    expect(body).toMatchObject({ status: 'active', name: 'Blue Fitness', sandbox: true });
    expect(await hub.rows('select expires_at from credentials')).toEqual([{ expires_at: null }]);
    for (const run of Object.values(await firstRuns())) expect(run).toMatchObject({ status: 'succeeded', failed: 0 });
  });

  it('offers audiences, and the tags and fields of the one being chosen', async () => {
    const labels = async (name: string, draft = '') =>
      (await hub.api('GET', `${INTEGRATION}/options/${name}${draft}`)).body.options.map(({ label }: { label: string }) => label);
    expect((await labels('audiences')).sort()).toEqual(['Corporate partners', 'Members and friends']);
    expect(await labels('tags')).toContain('vip');
    expect(await labels('mergeFields')).toContain('First Name (FNAME, text)');
  });

  it('has its webhook made at the audience that is chosen, after its address was asked', async () => {
    const lines = await asked(async () => {
      const { status, body } = await configure({ audienceId: MEMBERS, defaultTags: ['newsletter'] });
      expect({ status, body }).toMatchObject({ status: 200 });
      await until(async () => /\/webhooks\/mailchimp\/c\//.test((await panel()).facts['Webhooks']), { what: 'the webhook' });
    });
    expect(lines.some((line) => /GET of the webhook validator → 200/.test(line))).toBe(true);
    const { body } = await hub.api('POST', `${INTEGRATION}/test`, {});
    expect(body.message).toMatch(/^Connected to Blue Fitness, 2,412 contacts in the audience Members and friends\.$/);
  });

  it('hears of a contact who subscribes, changes, unsubscribes, bounces, moves and is archived', async () => {
    const email = 'heard@mail.example';
    await press('addMember', { email, firstName: 'Hedy' });
    await until(async () => (await member(email))?.data['firstName'] === 'Hedy', { withinMs: 2000, what: 'the contact' });
    await press('changeMember', { email, firstName: 'Heather' });
    await until(async () => (await member(email))?.data['firstName'] === 'Heather', { what: 'the change' });
    await press('unsubscribeMember', { email });
    await heard(email, 'unsubscribed');
    await press('cleanMember', { email });
    await heard(email, 'cleaned');
    await press('changeEmail', { email, newEmail: 'moved@mail.example' });
    await until(async () => (await member(email))?.deleted_at, { what: 'the old address to go' });
    await press('archiveMember', { email: 'moved@mail.example' });
    await heard('moved@mail.example', 'archived');
  });

  it('hears of a campaign that is sent, with its report', async () => {
    await press('draftCampaign', { subject: 'Spring news' });
    const { campaignId } = await press('sendCampaign');
    await until(
      async () =>
        (await hub.rows("select 1 from records where stream = 'reports' and external_id = $1", [campaignId])).length > 0,
      { what: 'the report' },
    );
  });

  it.each(['changed', 'stale', 'unsigned', 'foreign'])('refuses a call that is %s and stores nothing of it', async (how) => {
    const before = (await events()).length;
    expect((await press('forgedWebhook', { how })).statuses).toEqual([401]);
    expect(await events()).toHaveLength(before);
  });

  it('refuses what is sent to its address by a stranger, or to an address that is nobody’s', async () => {
    const url = (await panel()).facts['Webhooks'] as string;
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
    expect((await post(`${hub.url}/webhooks/mailchimp`)).status).toBe(404);
  });

  it('acts: adds, tags, sends an event, unsubscribes and asks again, and its own writes do not come back', async () => {
    const before = (await events()).length;
    const email = 'acted@mail.example';
    const saved = await act('saveMember', { email, consent: 'opted-in', firstName: 'Act' });
    expect(saved.body.data ?? saved.body).toMatchObject({ member: { status: 'subscribed', tags: ['newsletter'] } });
    await act('addTags', { email, tags: ['vip'] });
    expect(
      (await act('sendEvent', { email, name: 'order_placed', properties: [{ name: 'total', value: '19.99' }] })).status,
    ).toBe(200);
    await act('unsubscribeMember', { email });
    const refused = await act('saveMember', { email: 'x@fake.example', consent: 'opted-in' });
    expect({ status: refused.status, detail: refused.body.detail }).toEqual({
      status: 400,
      detail: expect.stringMatching(/fake or invalid/),
    });
    await act('askAgain', { email });
    expect((await member(email))?.data).toMatchObject({ status: 'pending', firstName: 'Act', tags: ['newsletter', 'vip'] });
    expect(await events()).toHaveLength(before);
  });

  it('shows for each row of many why it failed', async () => {
    const { body } = await act('saveMembers', {
      consent: 'opted-in',
      members: [{ email: 'bulk1@mail.example', firstName: 'One' }, { email: 'acted@mail.example' }, { email: 'no@fake.example' }],
    });
    expect(body.data ?? body).toMatchObject({ added: 1, updated: 1, failed: 1, errors: [{ row: 3, email: 'no@fake.example' }] });
    expect((await member('bulk1@mail.example'))?.data).toMatchObject({ status: 'subscribed', firstName: 'One' });
  });

  it('finds by a full run who was deleted for good', async () => {
    await press('deleteMember', { email: 'bulk1@mail.example' });
    expect((await sync({ stream: 'members' }))['members']).toMatchObject({ status: 'succeeded', deleted: 0 });
    expect((await sync({ stream: 'members', mode: 'full' }))['members']).toMatchObject({ status: 'succeeded', deleted: 1 });
    expect((await member('bulk1@mail.example'))?.deleted_at).toBeTruthy();
  });

  it('moves its webhook when another audience is chosen, signed or not', async () => {
    await press('toggleSigning');
    expect((await configure({ audienceId: PARTNERS })).status).toBe(200);
    await until(
      async () =>
        (await panel()).log.some(({ line }: { line: string }) => line.startsWith(`DELETE /3.0/lists/${MEMBERS}/webhooks/`)),
      {
        what: 'the old webhook to be removed',
      },
    );
    await press('addMember', { email: 'unheard@mail.example', audience: MEMBERS });
    await press('addMember', { email: 'partner@mail.example', audience: PARTNERS });
    await heard('partner@mail.example', 'subscribed');
    expect(await member('unheard@mail.example')).toBeUndefined();
  });

  it('asks to reconnect once the app was removed, and works again after that, with the same account only', async () => {
    await press('revokeTokens');
    expect((await hub.api('POST', `${INTEGRATION}/test`, {})).body.code).toBe('RECONNECT_NEEDED');
    expect((await hub.api('GET', INTEGRATION)).body.status).toBe('error');
    const other = await consent(await begin('reconnect'), { account: RIVERSIDE });
    expect(other.status).toBe(409);
    const again = await consent(await begin('reconnect'));
    expect(again.body).toMatchObject({ status: 'active', name: 'Blue Fitness' });
    expect((await hub.api('POST', `${INTEGRATION}/test`, {})).body.message).toMatch(/Corporate partners/);
  });

  it('waits out a limit that does not say how long', async () => {
    await press('fail', { failure: '429', calls: 1 });
    const limited = await hub.api('POST', `${INTEGRATION}/test`, {});
    expect(limited.body).toMatchObject({ code: 'RATE_LIMIT_EXCEEDED' });
    await press('fail', { failure: '502', calls: 1 });
    expect((await hub.api('POST', `${INTEGRATION}/test`, {})).body.message).toMatch(/^Connected/);
  });

  it('removes its webhook and its credential when it ends, and keeps the records', async () => {
    expect((await hub.api('DELETE', `${INTEGRATION}?keepRecords=true`)).status).toBeLessThan(300);
    expect((await panel()).facts['Webhooks']).toMatch(/none yet/);
    expect(await hub.rows('select 1 from credentials')).toEqual([]);
    const [{ count } = { count: 0 }] = await hub.rows<{ count: number }>(
      "select count(*)::int as count from records where stream = 'members'",
    );
    expect(count).toBeGreaterThan(2724);
  });
});
