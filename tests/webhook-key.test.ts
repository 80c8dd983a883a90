import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, type Hub, startHub } from './support/hub.ts';
import { until } from './support/wait.ts';

const INTEGRATION = '/api/stores/default/integrations/leadconnector';
const keys = generateKeyPairSync('ed25519');
let hub: Hub;
let locationId: string;

beforeAll(async () => {
  const pem = keys.publicKey.export({ format: 'pem', type: 'spki' }).toString();
  hub = await startHub({ LEADCONNECTOR_WEBHOOK_PUBLIC_KEY: pem });
  const { credentials } = (await call('GET', `${hub.url}/sandbox/leadconnector`)).body;
  locationId = credentials.locationId;
  const connected = await hub.api('POST', `${INTEGRATION}/connect`, { method: 'manual', fields: credentials });
  expect(connected.status).toBe(201);
});
afterAll(() => hub.close());

function message(webhookId: string): string {
  const timestamp = new Date().toISOString();
  return JSON.stringify({
    type: 'OutboundMessage',
    locationId,
    webhookId,
    timestamp,
    contactId: 'c1',
    messageId: `m-${webhookId}`,
    body: 'Hi',
  });
}

async function deliver(body: string, { over = body, path = '/webhooks/leadconnector' } = {}): Promise<number> {
  const signature = sign(null, Buffer.from(over), keys.privateKey).toString('base64');
  const headers = { 'content-type': 'application/json', 'x-ghl-signature': signature };
  return (await fetch(`${hub.url}${path}`, { method: 'POST', headers, body })).status;
}

function stored(): Promise<{ event_id: string; state: string }[]> {
  return hub.rows('select event_id, state from webhook_events order by seq');
}

describe("the operator's own webhook key", () => {
  it('refuses a call with one byte changed and stores nothing', async () => {
    const body = message('w-1');
    expect(await deliver(body.replace('Hi', 'Ho'), { over: body })).toBe(401);
    expect(await deliver(`${body} `, { over: body })).toBe(401);
    expect(await stored()).toEqual([]);
  });

  it('refuses what the simulator signs with its own key', async () => {
    await hub.sandbox('leadconnector', 'addContact');
    await until(async () => /401/.test(JSON.stringify((await call('GET', `${hub.url}/sandbox/leadconnector`)).body.log)), {
      what: 'the simulator to be refused',
    });
    expect(await stored()).toEqual([]);
  });

  it('accepts what it signed, once, under every name of the address, and handles it', async () => {
    const body = message('w-2');
    expect(await deliver(body)).toBe(200);
    expect(await deliver(body)).toBe(200);
    expect(await deliver(body, { path: '/api/integrations/leadconnector/webhook' })).toBe(200);
    expect(await deliver(body, { path: '/webhooks/leadconnector/OutboundMessage' })).toBe(200);
    await until(async () => (await stored()).every(({ state }) => state === 'handled'), { what: 'the event to be handled' });
    expect(await stored()).toEqual([{ event_id: 'w-2', state: 'handled' }]);
    expect(await hub.rows("select external_id from records where stream = 'messages'")).toEqual([{ external_id: 'm-w-2' }]);
  });
});
