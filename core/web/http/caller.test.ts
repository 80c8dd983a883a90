import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { callerOf } from './caller.ts';

const none = () => false;
const firstHop = (_: string, hops: number) => hops < 1;

function caller(peer: string, said: string | undefined, trust: (address: string, hops: number) => boolean = none): string {
  const req = { socket: { remoteAddress: peer }, headers: said === undefined ? {} : { 'x-forwarded-for': said } };
  return callerOf({ req: req as unknown as IncomingMessage, trust });
}

describe('the caller a limit counts by', () => {
  it('is not what a stranger says of himself', () => {
    expect(caller('203.0.113.9', '198.51.100.1')).toBe('203.0.113.9');
    expect(caller('10.0.0.1', 'not an address')).toBe('10.0.0.1');
  });

  it('is the address a proxy next to us has appended, told of or not', () => {
    expect(caller('127.0.0.1', '198.51.100.1, 203.0.113.7')).toBe('203.0.113.7');
    expect(caller('203.0.113.1', '198.51.100.1, 203.0.113.7', firstHop)).toBe('203.0.113.7');
    expect(caller('::ffff:172.18.0.2', '203.0.113.7')).toBe('203.0.113.7');
  });

  it('is a whole network where addresses are given out by the network', () => {
    expect(caller('2001:db8:1:2:3:4:5:6', undefined)).toBe(caller('2001:db8:1:2:ffff::1', undefined));
  });
});
