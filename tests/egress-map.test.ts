import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { departures } from '../plugins/leadconnector/test-official.ts';
import { call, type Hub, startHub } from './support/hub.ts';
import { type Recorder, type Seen, startRecorder } from './support/recorder.ts';
import { until } from './support/wait.ts';

const INTEGRATION = '/api/stores/default/integrations/leadconnector';
const DAY = 86_400_000;
let recorder: Recorder;
let hub: Hub;
let token: string;

beforeAll(async () => {
  recorder = await startRecorder();
  hub = await startHub({ EGRESS_MAP: JSON.stringify({ 'services.leadconnectorhq.com': recorder.url }) });
  recorder.forwardTo = `${hub.url}/sandbox/leadconnector/api/services.leadconnectorhq.com`;
  const { credentials } = (await call('GET', `${hub.url}/sandbox/leadconnector`)).body;
  token = credentials.token;
  const connected = await hub.api('POST', `${INTEGRATION}/connect`, { method: 'manual', fields: credentials });
  expect(connected.status).toBe(201);
  await until(
    async () =>
      (await hub.api('GET', `${INTEGRATION}/runs`)).body.runs.every((run: { status: string }) => run.status === 'succeeded'),
    { what: 'the first syncs' },
  );
});
afterAll(async () => {
  await hub.close();
  await recorder.close();
});

async function act(action: string, input: object) {
  const { status, body } = await hub.api('POST', `${INTEGRATION}/actions/${action}`, input);
  expect({ action, status, body: status === 200 ? undefined : body }).toEqual({ action, status: 200, body: undefined });
  return body.data;
}

function faults({ method, path, query, headers, body }: Seen): string[] {
  const request = {
    method,
    path,
    query,
    body,
    headers: headers as Record<string, string>,
    host: '',
    signal: AbortSignal.timeout(1000),
  };
  const bearer = path === '/oauth/token' || headers.authorization === `Bearer ${token}` ? [] : ['the token is missing'];
  return [...departures(request), ...bearer].map((fault) => `${method} ${path}: ${fault}`);
}

describe('a provider that EGRESS_MAP sends elsewhere', () => {
  it('sees connect, test and sync as its official specification demands', () => {
    const seen = new Set(recorder.seen.map(({ method, path }) => `${method} ${path}`));
    for (const request of ['POST /contacts/search', 'GET /calendars/', 'GET /calendars/events', 'GET /opportunities/pipelines']) {
      expect(seen).toContain(request);
    }
    expect(recorder.seen.flatMap(faults)).toEqual([]);
  });

  it('sees writes as its official specification demands', async () => {
    const from = recorder.seen.length;
    const { contact } = await act('createContact', { firstName: 'Ada', email: 'ada@new.example' });
    await act('addTags', { contactId: contact.id, tags: ['vip'] });
    const { calendars } = await act('listCalendars', {});
    const window = { from: new Date(Date.now() + DAY).toISOString(), to: new Date(Date.now() + 20 * DAY).toISOString() };
    const { slots } = await act('getFreeSlots', { calendarId: calendars[0].id, ...window });
    const { appointment } = await act('bookAppointment', {
      calendarId: calendars[0].id,
      contactId: contact.id,
      startTime: slots[0],
    });
    await act('cancelAppointment', { appointmentId: appointment.id });
    const written = recorder.seen.slice(from);
    expect(written.map(({ method }) => method)).toEqual(expect.arrayContaining(['POST', 'GET', 'PUT']));
    expect(written.flatMap(faults)).toEqual([]);
  });
});
