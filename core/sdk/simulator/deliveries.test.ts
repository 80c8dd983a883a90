import { describe, expect, it, jest } from '@jest/globals';
import { CallLog } from './call-log.ts';
import { Deliveries, webhookPath } from './deliveries.ts';

const now = () => new Date('2026-03-14T12:00:00Z');

describe('deliveries', () => {
  const sent = (statuses: number[]) => {
    const bodies: string[] = [];
    const deliver = async (path: string, _: object, body: string | Uint8Array) => {
      bodies.push(`${path} ${String(body)}`);
      return statuses.shift() ?? 200;
    };
    return { bodies, env: { deliver, now } };
  };
  const delivery = (body: string) => ({ label: body, path: '/c/key', body, headers: () => ({}) });

  it('are repeated as the provider repeats them, then given up, in order and until closed', async () => {
    jest.useFakeTimers();
    try {
      const { env, bodies } = sent([500, 429, 500]);
      const log = new CallLog(env);
      const delivered = jest.fn();
      const retries = (status: number) => status === 429;
      const deliveries = new Deliveries({ env, log, retryAfterMs: [1000], retries, delivered });
      for (const body of ['lost', 'again', 'late']) deliveries.send(delivery(body));
      await deliveries.settled();
      expect(bodies).toEqual(['/c/key lost', '/c/key again', '/c/key late']);
      await jest.advanceTimersByTimeAsync(1000);
      expect(bodies.at(-1)).toBe('/c/key again');
      expect(delivered).toHaveBeenCalledTimes(1);
      expect(log.lines.map(({ line }) => line)).toEqual([
        'webhook again → 200',
        'webhook late → 500, given up',
        'webhook again → 429, again in 1 s',
        'webhook lost → 500, given up',
      ]);
      deliveries.close();
      deliveries.send(delivery('closed'));
      await deliveries.settled();
      expect(bodies).toHaveLength(4);
    } finally {
      jest.useRealTimers();
    }
  });

  it('go to what stands behind the address of the plugin', () => {
    expect(webhookPath('https://hub.example/base/webhooks/acme/c/key?x=1')).toBe('/c/key?x=1');
    expect(webhookPath('https://hub.example/webhooks/acme')).toBe('');
    expect(['https://else.example/', 'nowhere'].map(webhookPath)).toEqual([undefined, undefined]);
  });
});
