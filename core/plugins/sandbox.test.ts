import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../tests/support/wait.ts';
import { createLog } from '../log.ts';
import { hubError, type SandboxRequest } from '../sdk/index.ts';
import { Registry } from './registry.ts';
import { SandboxHost, type SandboxHostOptions } from './sandbox.ts';
import { TemplateStore } from './template-store.ts';

const log = createLog('silent');
const away = new TemplateStore({ query: () => Promise.reject(new Error('away')) } as never);
const dataDir = await mkdtemp(join(tmpdir(), 'sandbox-'));
const plugins = join(dataDir, 'plugins');
const file = join(dataDir, 'sandbox', 'acme.json');
const open: SandboxHost[] = [];
let registry: Registry;

beforeAll(async () => {
  await cp(join(import.meta.dirname, '__fixtures__', 'good'), plugins, { recursive: true });
  registry = new Registry({ dirs: [plugins], store: away, log });
  await registry.load();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((host) => host.close()));
  await rm(join(dataDir, 'sandbox'), { recursive: true, force: true });
});
afterAll(() => rm(dataDir, { recursive: true }));

function hostWith(options: Partial<SandboxHostOptions> = {}): SandboxHost {
  const base = { registry, enabled: true, baseUrl: () => 'http://127.0.0.1:1', publicUrl: 'https://hub.example', dataDir, log };
  const host = new SandboxHost({ ...base, ...options });
  open.push(host);
  return host;
}

function get(path: string, host = 'api.acme.example'): SandboxRequest {
  const { signal } = new AbortController();
  return { method: 'GET', host, path, query: new URLSearchParams(), headers: {}, body: '', signal };
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => hubError(error),
  );

describe('a sandbox that is off', () => {
  it('simulates nothing', async () => {
    const host = hostWith({ enabled: false });
    expect(host.plugins()).toEqual([]);
    expect(host.hostFor('api.acme.example', 'acme')).toBeUndefined();
    expect(host.appFields('acme')).toEqual({});
    expect((await failure(host.handle('acme', get('/me'))))?.code).toBe('NOT_FOUND');
    expect(() => host.panel('acme')).toThrow('There is no simulator for "acme"');
    expect(existsSync(file)).toBe(false);
  });
});

describe('a simulator', () => {
  it('is found by the hosts it answers for', () => {
    const host = hostWith();
    expect(host.plugins()).toEqual(['acme']);
    expect(host.hostFor('API.acme.example', 'acme')).toBe('http://127.0.0.1:1/sandbox/acme/api/api.acme.example');
    expect(host.browserHostFor('eu1.dc.acme.example', 'acme')).toBe('https://hub.example/sandbox/acme/api/eu1.dc.acme.example');
    expect(host.hostFor('dc.acme.example', 'acme')).toBeUndefined();
    expect(host.hostFor('api.example.com', 'acme')).toBeUndefined();
    expect(host.hostFor('api.acme.example', 'plain-js')).toBeUndefined();
    expect(host.appFields('acme')).toEqual({ webhookSecret: 'demo-secret' });
  });

  it('answers, and names itself when it fails', async () => {
    const host = hostWith();
    expect(await host.handle('acme', get('/me'))).toMatchObject({
      status: 200,
      body: { calls: 1, at: 'https://hub.example/sandbox/acme/api/api.acme.example' },
    });
    expect(await failure(host.handle('acme', get('/crash')))).toMatchObject({
      consequence: 'plugin-fault',
      message: 'The simulator of acme failed on GET api.acme.example/crash: a bug in the simulator',
    });
    expect((await failure(host.handle('acme', get('/nothing'))))?.message).toContain('without a status');
    expect((await failure(host.handle('acme', get('/me', 'other.example'))))?.code).toBe('NOT_FOUND');
    expect((await failure(host.handle('nobody', get('/me'))))?.code).toBe('NOT_FOUND');
  });

  it('keeps its state over a restart', async () => {
    const first = hostWith();
    await first.handle('acme', get('/me'));
    await first.handle('acme', get('/me'));
    await first.close();
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ calls: 2 });
    expect(await hostWith().handle('acme', get('/me'))).toMatchObject({ body: { calls: 3 } });
  });

  it('keeps its state soon after a change, without being closed', async () => {
    await hostWith().handle('acme', get('/me'));
    await until(() => existsSync(file), { what: 'the state to be written' });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ calls: 1 });
  });

  it('starts afresh when its state is unreadable, and puts that aside', async () => {
    await mkdir(join(dataDir, 'sandbox'), { recursive: true });
    await writeFile(file, '{"calls":');
    expect(await hostWith().handle('acme', get('/me'))).toMatchObject({ body: { calls: 1 } });
    expect(await readFile(`${file}.unreadable`, 'utf8')).toBe('{"calls":');
  });

  it('goes on with its state when the plugin is swapped', async () => {
    const host = hostWith();
    await host.handle('acme', get('/me'));
    await writeFile(join(plugins, 'acme', 'touched.md'), 'new');
    await registry.load();
    expect(registry.require('acme').generation).toBe(2);
    expect(await host.handle('acme', get('/me'))).toMatchObject({ body: { calls: 2 } });
  });
});

describe('its panel', () => {
  it('shows credentials, facts and commands', () => {
    expect(hostWith().panel('acme')).toMatchObject({
      panel: { credentials: { key: 'demo-key' }, facts: { calls: 0 } },
      commands: [{ name: 'send', title: 'Send a webhook', input: { required: ['type'] } }, { name: 'refuse' }, { name: 'crash' }],
    });
  });

  it('refuses unknown commands and wrong input, and names the plugin when a command fails', async () => {
    const host = hostWith();
    expect((await failure(host.command('acme', 'constructor', {})))?.message).toContain('it knows send, refuse, crash');
    expect(await failure(host.command('acme', 'send', { kind: 'x' }))).toMatchObject({
      code: 'VALIDATION_FAILED',
      fields: [{ pointer: '/type' }, { pointer: '/kind' }],
    });
    expect((await failure(host.command('acme', 'refuse', {})))?.message).toBe('Not like this.');
    expect((await failure(host.command('acme', 'crash', undefined)))?.message).toBe(
      'The simulator of acme failed on the command crash: a bug in a command',
    );
  });

  it('delivers webhooks over HTTP, and says when nobody answers', async () => {
    const calls: { url: string | undefined; signature: unknown; body: string }[] = [];
    const server = createServer(async (req, res) => {
      const body = await text(req);
      calls.push({ url: req.url, signature: req.headers['x-acme-signature'], body });
      res.statusCode = 202;
      res.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const host = hostWith({ baseUrl: () => `http://127.0.0.1:${port}` });
    expect(await host.command('acme', 'send', { type: 'made' })).toEqual({ message: 'Sent, answered with 202.', status: 202 });
    expect(calls).toEqual([
      { url: '/webhooks/acme', signature: expect.stringMatching(/^[0-9a-f]{64}$/), body: '{"id":"evt-1","type":"made"}' },
    ]);
    await new Promise((resolve) => server.close(resolve));
    expect(await host.command('acme', 'send', { type: 'made' })).toMatchObject({ status: 0 });
  });
});
