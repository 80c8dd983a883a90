import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { departures } from '../plugins/mailchimp/test-official.ts';
import { MailchimpHub, MEMBERS } from './mailchimp-hub.ts';
import { type Recorder, type Seen, startRecorder } from './support/recorder.ts';

const HOST = 'us19.api.mailchimp.com';
const EMAIL = 'mapped@mail.example';
let recorder: Recorder;
let mc: MailchimpHub;
let apiKey: string;

beforeAll(async () => {
  recorder = await startRecorder();
  mc = await MailchimpHub.start({ EGRESS_MAP: JSON.stringify({ [HOST]: recorder.url }) });
  recorder.forwardTo = `${mc.hub.url}/sandbox/mailchimp/api/${HOST}`;
  apiKey = (await mc.panel()).credentials.apiKey;
  expect((await mc.connect()).status).toBe(201);
});
afterAll(async () => {
  await mc?.hub.close();
  await recorder.close();
});

function faults({ method, path, query, headers, body }: Seen): string[] {
  const given = { method, path, query, body, headers: headers as Record<string, string>, host: HOST };
  const bearer = headers.authorization === `Bearer ${apiKey}` ? [] : ['the key is missing'];
  return [...departures({ ...given, signal: AbortSignal.timeout(1000) }), ...bearer].map(
    (fault) => `${method} ${path}: ${fault}`,
  );
}

describe('an API that EGRESS_MAP sends elsewhere', () => {
  it('sees connect, settings, test and sync as its official specification demands', async () => {
    for (const run of Object.values(await mc.firstRuns())) expect(run).toMatchObject({ status: 'succeeded' });
    expect((await mc.configure({ audienceId: MEMBERS })).status).toBe(200);
    expect((await mc.test()).status).toBe(200);
    await mc.sync();
    const seen = recorder.seen.map(({ method, path }) => `${method} ${path}`);
    const wanted = ['members', 'segments', 'merge-fields'].map((part) => `GET /3.0/lists/${MEMBERS}/${part}`);
    expect(seen).toEqual(expect.arrayContaining([...wanted, 'GET /3.0/campaigns', 'GET /3.0/reports']));
    expect(seen).toContain(`POST /3.0/lists/${MEMBERS}/webhooks`);
    expect(recorder.seen.flatMap(faults)).toEqual([]);
  });

  it('sees writes and the end as its official specification demands', async () => {
    const from = recorder.seen.length;
    for (const [action, input] of [
      ['saveMember', { email: EMAIL, consent: 'opted-in', firstName: 'Map', tags: ['vip'] }],
      ['saveMembers', { members: [{ email: EMAIL }, { email: 'second@mail.example' }], consent: 'opted-in' }],
      ['sendEvent', { email: EMAIL, name: 'booked' }],
      ['removeTags', { email: EMAIL, tags: ['vip'] }],
      ['unsubscribeMember', { email: EMAIL }],
      ['archiveMember', { email: EMAIL }],
      ['deleteForGood', { email: EMAIL, confirmEmail: EMAIL }],
    ] as const) {
      expect({ action, status: (await mc.act(action, input)).status }).toEqual({ action, status: 200 });
    }
    await mc.disconnect(false);
    const written = recorder.seen.slice(from);
    expect(new Set(written.map(({ method }) => method))).toEqual(new Set(['PUT', 'POST', 'GET', 'PATCH', 'DELETE']));
    expect(written.flatMap(faults)).toEqual([]);
  });
});
