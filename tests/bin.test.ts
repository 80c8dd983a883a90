import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from './support/wait.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** Makes a process believe it is an old Node, as the machine's own often is. */
const OLD = `data:text/javascript,${encodeURIComponent(
  "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })",
)}`;
/** npm brings Node for these; elsewhere the guard can only say so. */
const bringsNode = ['linux-x64', 'linux-arm64', 'win32-x64'].includes(`${process.platform}-${process.arch}`);

it('runs jest on the Node the hub needs', () => {
  expect(Number(process.versions.node.split('.')[0])).toBeGreaterThanOrEqual(24);
});

describe('bin/hub.js', () => {
  let checkout: string;

  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), 'hub-bin-'));
    cpSync(join(ROOT, 'bin'), join(checkout, 'bin'), { recursive: true });
    for (const file of ['tsconfig.json', 'tsconfig.build.json']) cpSync(join(ROOT, file), join(checkout, file));
    writeFileSync(join(checkout, 'package.json'), '{"type":"module"}');
    mkdirSync(join(checkout, 'migrations'));
    mkdirSync(join(checkout, 'core'));
    source('console.log(process.version.slice(0, 4), process.cwd(), argv.join()); return argv.length;');
  });
  afterEach(() => rmSync(checkout, { recursive: true, force: true }));

  function install(): void {
    symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
  }

  function source(body: string): void {
    const file = join(checkout, 'core', 'main.ts');
    writeFileSync(file, `export async function main(argv: string[]): Promise<number> { ${body} }\n`);
    // Whatever the clock's grain, later than what was built before.
    const later = Date.now() / 1000 + 60;
    utimesSync(file, later, later);
  }

  function hub(args: string[], flags: string[] = []) {
    const options = { cwd: '/', encoding: 'utf8', env: { HOME: checkout } } as const;
    return spawnSync(process.execPath, [...flags, join(checkout, 'bin', 'hub.js'), ...args], options);
  }

  it('says what to do when nothing is installed', () => {
    expect(hub([], ['--import', OLD])).toMatchObject({ status: 1, stderr: expect.stringContaining('run npm ci first') });
    expect(hub([])).toMatchObject({ status: 1, stderr: expect.stringContaining('run npm ci first') });
  });

  it('does not run what cannot be built', () => {
    install();
    source('return "not a number";');
    expect(hub([])).toMatchObject({ status: 1, stderr: expect.stringContaining('core/main.ts(1,') });
  });

  it('builds, and runs its arguments in the checkout from wherever it is called', () => {
    install();
    const said = hub(['one', 'two']);
    expect(said).toMatchObject({ status: 2, stderr: '' });
    expect(said.stdout).toMatch(new RegExp(`^v(2[4-9]|[3-9]\\d)\\. ${checkout} one,two\\n$`));
  });

  it('builds again when a source is newer, and forgets sources that are gone', () => {
    install();
    const migration = join(checkout, 'migrations', '20260101000000-old.ts');
    writeFileSync(migration, 'export const old = 1;\n');
    hub([]);
    rmSync(migration);
    source("const { readdirSync } = await import('node:fs'); console.log(readdirSync('dist/migrations').join()); return 0;");
    expect(hub([])).toMatchObject({ status: 0, stdout: '\n' });
  });

  (bringsNode ? it : it.skip)('finds the Node that npm brought when the machine has an older one', () => {
    install();
    expect(hub([], ['--import', OLD]).stdout).toMatch(/^v24\./);
  });

  (bringsNode ? it : it.skip)('hands signals to the Node it started, and ends it when it is killed itself', async () => {
    install();
    source(`return new Promise((done) => {
      const timer = setInterval(() => undefined, 1000);
      process.on('SIGTERM', () => { clearInterval(timer); done(7); });
      console.log(process.pid);
    });`);
    for (const [signal, code] of [
      ['SIGTERM', 7],
      ['SIGKILL', null],
    ] as const) {
      const child = spawn(process.execPath, ['--import', OLD, join(checkout, 'bin', 'hub.js')], { env: {} });
      let output = '';
      child.stdout.on('data', (chunk) => {
        output += chunk;
      });
      const pid = Number(await until(() => /^\d+\n/.exec(output)?.[0], { what: 'the hub to start' }));
      child.kill(signal);
      await until(() => child.exitCode !== null || child.signalCode !== null, { what: 'the launcher to end' });
      expect(child.exitCode).toBe(code);
      await until(() => !isAlive(pid), { what: 'the hub to end' });
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
