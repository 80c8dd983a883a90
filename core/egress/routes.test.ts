import { describe, expect, it } from '@jest/globals';
import { EgressRoutes } from './routes.ts';

const SANDBOX = 'http://127.0.0.1:3000/sandbox/x/api/services.example.com';
const routes = new EgressRoutes({
  egressMap: new Map([['api.example.com', 'http://127.0.0.1:4010']]),
  sandboxBase: (host) => (host === 'services.example.com' || host === 'api.example.com' ? SANDBOX : undefined),
});
const resolve = (url: string) => routes.resolve(new URL(url)).href;

describe('EgressRoutes', () => {
  it('leaves a host that nobody mapped alone', () => {
    expect(resolve('https://other.example.com/a?b=c')).toBe('https://other.example.com/a?b=c');
    expect(routes.mapped('other.example.com')).toBe(false);
  });

  it('does not take a host with another port, or part of a name, for a mapped one', () => {
    expect(routes.mapped('api.example.com:8443')).toBe(false);
    expect(routes.mapped('evil-api.example.com')).toBe(false);
  });

  it('prefers EGRESS_MAP to the sandbox', () => {
    expect(resolve('https://API.example.com/contacts/?limit=2')).toBe('http://127.0.0.1:4010/contacts/?limit=2');
  });

  it('keeps path, query and fragment behind the path of the base', () => {
    expect(resolve('https://services.example.com/a%20b/?q=%2B1&q=2#top')).toBe(`${SANDBOX}/a%20b/?q=%2B1&q=2#top`);
    expect(routes.mapped('services.example.com')).toBe(true);
  });
});
