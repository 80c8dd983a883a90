import { Agent, type IncomingMessage, request } from 'node:http';
import { expect, it } from '@jest/globals';
import { startHub } from './support/hub.ts';
import { until } from './support/wait.ts';

it('closes at once after the last answer, also where the caller keeps the connection', async () => {
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
    const closed = hub.close();
    await until(() => !hub.app.server.listening, { what: 'the hub to stop listening' });
    call.end('}');
    const answer = await answered;
    answer.resume();
    const since = Date.now();
    await closed;
    expect(answer.statusCode).toBe(401);
    expect(Date.now() - since).toBeLessThan(3000);
  } finally {
    agent.destroy();
  }
});
