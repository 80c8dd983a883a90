import { describe, expect, it } from '@jest/globals';
import { EgressRoutes } from './routes.ts';

const SANDBOX = 'http://127.0.0.1:3000/sandbox';
const routes = new EgressRoutes({
  egressMap: new Map([['api.example.com', 'http://127.0.0.1:4010']]),
  sandboxBase: (host, plugin) =>
    plugin !== 'none' && (host === 'services.example.com' || host === 'api.example.com') ? `${SANDBOX}/${plugin}` : undefined,
});
const resolve = (url: string, plugin = 'acme') => routes.resolve(new URL(url), plugin).href;

describe('EgressRoutes', () => {
  it('leaves a host that nobody mapped alone', () => {
    expect(resolve('https://other.example.com/a?b=c')).toBe('https://other.example.com/a?b=c');
  });

  it('does not take a host with another port, or part of a name, for a mapped one', () => {
    for (const url of ['https://api.example.com:8443/', 'https://evil-api.example.com/']) expect(resolve(url)).toBe(url);
  });

  it('prefers EGRESS_MAP to the sandbox', () => {
    expect(resolve('https://API.example.com/contacts/?limit=2')).toBe('http://127.0.0.1:4010/contacts/?limit=2');
  });

  it('keeps path, query and fragment behind the path of the base', () => {
    expect(resolve('https://services.example.com/a%20b/?q=%2B1&q=2#top')).toBe(`${SANDBOX}/acme/a%20b/?q=%2B1&q=2#top`);
  });

  it('sends each plugin to its own simulator of a host, and one that has none to the provider', () => {
    expect(resolve('https://services.example.com/', 'other')).toBe(`${SANDBOX}/other/`);
    expect(resolve('https://services.example.com/', 'none')).toBe('https://services.example.com/');
  });
});
