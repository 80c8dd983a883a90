import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { call, freePort } from './support/hub.ts';
import { until } from './support/wait.ts';

const HUB = fileURLToPath(new URL('../bin/hub.js', import.meta.url));
const running = new Set<ChildProcess>();
let home: string;
let port: number;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'first run '));
  port = await freePort();
});
afterAll(async () => {
  for (const child of running) await end(child);
  rmSync(home, { recursive: true, force: true });
});

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
}

function start(env: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, [HUB, 'start'], {
    env: { PATH: process.env['PATH'] ?? '', PORT: String(port), DATA_DIR: join(home, 'data'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  child.stdout?.on('data', (chunk) => {
    output += String(chunk);
  });
  child.stderr?.on('data', (chunk) => {
    output += String(chunk);
  });
  return { child, output: () => output };
}

async function end(child: ChildProcess): Promise<number | null> {
  running.delete(child);
  if (child.exitCode !== null) return child.exitCode;
  child.kill('SIGTERM');
  return new Promise((done) => child.once('exit', (code) => done(code)));
}

function alive(): Promise<unknown> {
  return until(async () => (await call('GET', `http://127.0.0.1:${port}/healthz`)).status === 200, {
    what: 'the hub to answer',
  });
}

async function form(path: string, fields: Record<string, string>) {
  const page = await fetch(`http://127.0.0.1:${port}${path}`);
  const html = await page.text();
  const csrf = /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
  return fetch(`http://127.0.0.1:${port}${new URL(path, 'http://x').pathname}`, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      cookie: page.headers
        .getSetCookie()
        .map((cookie) => cookie.split(';')[0])
        .join('; '),
    },
    body: new URLSearchParams({ _csrf: csrf, ...fields }),
  });
}

// A busy machine may take longer over a first start than a test usually has.
jest.setTimeout(90_000);

describe('the first run', () => {
  it('needs no setting, prints an address and a setup link that works once, and ends in order', async () => {
    const { child, output } = start();
    await alive();
    await until(() => output().includes('/setup?token='), { what: 'the setup link' });
    expect(output()).toContain(`http://127.0.0.1:${port}`);
    expect(statSync(join(home, 'data', 'keys')).mode & 0o777).toBe(0o600);
    const link = new URL(/http\S+\/setup\?token=\S+/.exec(output())?.[0] ?? '');
    const path = `${link.pathname}${link.search}`;
    const token = link.searchParams.get('token') ?? '';
    const admin = { token, email: 'first@example.com', password: 'a long enough password', storeName: 'Blue Fitness Store' };
    expect((await form('/setup?token=wrong', { ...admin, token: 'wrong' })).status).toBeGreaterThanOrEqual(400);
    expect((await form(path, { ...admin, password: 'short' })).status).toBeGreaterThanOrEqual(400);
    expect((await form(path, admin)).status).toBe(303);
    expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBeGreaterThanOrEqual(400);
    expect(await end(child)).toBe(0);
  });

  it('is remembered by the second start, which prints no setup link', async () => {
    const { child, output } = start();
    await alive();
    const basic = Buffer.from('first@example.com:a long enough password').toString('base64');
    const made = await call('POST', `http://127.0.0.1:${port}/api/api-keys`, {
      body: { name: 'x' },
      headers: { authorization: `Basic ${basic}` },
    });
    expect(made.status).toBe(201);
    const { body } = await call('GET', `http://127.0.0.1:${port}/api/stores/default/members`, {
      headers: { authorization: `Bearer ${made.body.key}` },
    });
    // Who sets the hub up is logged in by it.
    expect(body.members).toMatchObject([{ email: 'first@example.com', lastLoginAt: expect.any(String) }]);
    expect(output()).not.toContain('/setup?token=');
    expect(await end(child)).toBe(0);
  });

  it('is not begun in production with settings missing, and says which', async () => {
    const { child, output } = start({ NODE_ENV: 'production' });
    const code = await new Promise((done) => child.once('exit', done));
    running.delete(child);
    expect(code).toBe(78);
    expect(output()).toMatch(/HUB_KEYS is missing; set it to/);
    expect(output()).not.toMatch(/\n\s+at /);
  });
});
