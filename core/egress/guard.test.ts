import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, request } from 'undici';
import { hubError } from '../sdk/errors.ts';
import { Guard, type GuardOptions, type Lookup } from './guard.ts';

let server: Server;
let port: number;
let calls = 0;

beforeAll(async () => {
  server = createServer((_req, res) => {
    calls += 1;
    res.end('inside');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

async function visit(host: string, options: Partial<GuardOptions> = {}): Promise<string> {
  const agent = new Agent({ connect: new Guard({ allowPrivate: [], ...options }).connector() });
  try {
    const { body } = await request(`http://${host}:${port}/`, { dispatcher: agent });
    return await body.text();
  } finally {
    await agent.destroy();
  }
}

const leadsTo =
  (...addresses: string[]): Lookup =>
  (_host, _options, found) =>
    found(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

async function refused(visiting: Promise<string>): Promise<void> {
  const before = calls;
  const error = await visiting.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(hubError(error)?.code).toBe('VALIDATION_FAILED');
  expect(hubError(error)?.message).toContain('EGRESS_ALLOW_PRIVATE');
  expect(calls).toBe(before);
}

describe('Guard', () => {
  it.each(['127.0.0.1', '2130706433', '0x7f.1', '0177.0.0.1', '127.1', '0', '[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'])(
    'refuses the literal address %s',
    (host) => refused(visit(host)),
  );

  it('refuses localhost, which the system looks up inside', () => refused(visit('localhost')));

  it.each([['127.0.0.1'], ['169.254.169.254'], ['::ffff:10.0.0.1'], ['64:ff9b::7f00:1'], ['fd00:ec2::254']])(
    'refuses a name that leads to %s',
    (address) => refused(visit('shop.example.com', { lookup: leadsTo(address) })),
  );

  it('refuses the really connected address when the looked-up one was a disguise', () => {
    let reads = 0;
    const shifting = {
      family: 4,
      get address() {
        reads += 1;
        return reads === 1 ? '8.8.8.8' : '127.0.0.1';
      },
    };
    return refused(visit('shop.example.com', { lookup: (_host, _options, found) => found(null, [shifting]) }));
  });

  it('does not tell where a refused name leads', async () => {
    const error = await visit('shop.example.com', { lookup: leadsTo('10.9.8.7') }).catch((thrown: unknown) => thrown);
    expect(hubError(error)?.message).not.toContain('10.9.8.7');
  });

  it('connects only to those addresses of a name that are allowed', async () => {
    const lookup = leadsTo('10.255.255.1', '127.0.0.1');
    expect(await visit('shop.example.com', { lookup, allowPrivate: ['127.0.0.1'] })).toBe('inside');
  });

  it.each([['127.0.0.1'], ['127.0.0.0/8'], ['localhost'], ['LOCALHOST'], ['::1,127.0.0.1']])(
    'lets the operator allow %s',
    async (allowed) => {
      expect(await visit('localhost', { allowPrivate: allowed.split(','), lookup: leadsTo('127.0.0.1') })).toBe('inside');
    },
  );

  it('lets the operator allow the hosts below a name, and no others', async () => {
    const options = { allowPrivate: ['*.shop.test'], lookup: leadsTo('127.0.0.1') };
    expect(await visit('a.b.shop.test', options)).toBe('inside');
    await refused(visit('shop.test', options));
    await refused(visit('evilshop.test', options));
  });

  it.each(['10.0.0.0/33', '10.0.0.0/', 'nonsense/8', '10.0.0.0/x'])('names a setting that is no range: %s', (entry) => {
    expect(() => new Guard({ allowPrivate: [entry] })).toThrow('EGRESS_ALLOW_PRIVATE');
  });
});
