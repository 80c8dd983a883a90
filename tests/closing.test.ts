import { Agent, type IncomingMessage, request } from 'node:http';
import { expect, it } from '@jest/globals';
import { ADMIN, call as ask, type Hub, startHub } from './support/hub.ts';
import { until } from './support/wait.ts';

it('closes at once after the last answer, also where the caller keeps the connection or is still being told how far syncs are', async () => {
  const hub = await startHub();
  const agent = new Agent({ keepAlive: true });
  const call = request(`${hub.url}/api/api-keys`, {
    agent,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': 2 },
  });
  const answered = new Promise<IncomingMessage>((done, failed) => call.once('response', done).once('error', failed));
  try {
    call.write('{');
    await until(() => new Promise<boolean>((done) => hub.app.server.getConnections((_, open) => done(open > 0))), {
      what: 'the call to arrive',
    });
    const told = await lookAtSyncs(hub);
    const closed = hub.close();
    await until(() => !hub.app.server.listening, { what: 'the hub to stop listening' });
    call.end('}');
    const answer = await answered;
    answer.resume();
    const since = Date.now();
    await closed;
    expect(answer.statusCode).toBe(401);
    // A connection that is kept alive would go on for 10 s.
    expect(Date.now() - since).toBeLessThan(9000);
    // It was let go, not told that the sync had ended: whoever looks comes back to the next host.
    expect(await told()).not.toContain('event: end');
  } finally {
    agent.destroy();
  }
});

/** Opens the stream and returns, once it tells of the sync, what reads the rest of it. */
async function lookAtSyncs(hub: Hub): Promise<() => Promise<string>> {
  const [store] = await hub.rows<{ id: string }>('select id from stores');
  const id = '0193a7b0-0000-7000-8000-000000000001';
  await hub.rows(
    `insert into integrations (store_id, id, plugin_id, name, status, method, webhook_key) values ($1, $2, 'acme', 'Acme', 'active', 'manual', 'k')`,
    [store?.id, id],
  );
  await hub.rows(
    `insert into sync_runs (store_id, id, integration_id, stream, trigger, mode, status, started_at, heartbeat_at)
     values ($1, $2, $2, 'contacts', 'manual', 'full', 'running', now(), now())`,
    [store?.id, id],
  );
  const basic = Buffer.from(`${ADMIN.email}:${ADMIN.password}`).toString('base64');
  const made = await ask('POST', `${hub.url}/api/api-keys`, {
    body: { name: 'looks' },
    headers: { authorization: `Basic ${basic}` },
  });
  const live = `${hub.url}/api/stores/default/runs/live`;
  expect((await ask('GET', live)).status).toBe(401);
  const stream = await fetch(live, { headers: { authorization: `Bearer ${made.body.key}` } });
  expect([stream.status, stream.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('"status":"running"')) text += (await reader?.read())?.value ?? '';
  return async () => {
    for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) text += next.value;
    return text;
  };
}
