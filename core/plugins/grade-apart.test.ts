import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from '@jest/globals';
import { until } from '../../tests/support/wait.ts';
import { discover, type PluginFolder } from './discover.ts';
import { gradeApart } from './grade-apart.ts';
import { type Graded, writtenFinding } from './rules.ts';
import { writePlugin } from './scaffold/scaffold.ts';

const run = promisify(execFile);
const home = await realpath(await mkdtemp(join(tmpdir(), 'grade-apart-')));
/** Loops that nobody would end where a test fails. */
let alone: ChildProcess | undefined;
afterAll(async () => {
  alone?.kill('SIGKILL');
  await rm(home, { recursive: true });
});

async function folderOf(id: string): Promise<PluginFolder> {
  const folder = (await discover([home])).find((one) => one.id === id);
  if (!folder) throw new Error(`no folder ${id}`);
  return folder;
}

/** A folder whose index does this as it is loaded. `real` is the process itself, past what plugins are given for it. */
async function doing(id: string, code: string): Promise<PluginFolder> {
  const head =
    "import fs from 'node:fs';\nimport { spawn } from 'node:child_process';\nconst real = Function('return process')();\n";
  await mkdir(join(home, id));
  await writeFile(join(home, id, 'index.js'), `${head}${code}\nexport default {};\n`);
  return folderOf(id);
}

/** Loading has a bound of its own; what comes after it has none but that of the whole check. */
const afterLoading = (code: string) => `Promise.resolve().then(() => { ${code} });`;
const FOREVER = 'for (;;);';

/** What the check says of a plugin it finds nothing against. */
const FORGED = "JSON.stringify({ grade: 'gold', findings: [], hash: 'a' })";

const written = ({ findings }: Graded) => findings.map(writtenFinding).join('\n');

interface Process {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  readonly session: number;
}

/** Of this machine, those that ended and nobody took note of included; none where there is no `/proc`. */
async function processes(): Promise<Process[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter(Number);
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)));
  return stats.flatMap((stat) => {
    if (stat === undefined) return [];
    const [state = '', parent, , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [{ pid: Number.parseInt(stat, 10), state, parent: Number(parent), session: Number(session) }];
  });
}

/** The process that grades for this one. */
const grader = () =>
  until(async () => (await processes()).find(({ pid, parent, session }) => parent === process.pid && session === pid)?.pid, {
    what: 'a process that grades',
  });

const inSession = async (wanted: number) => (await processes()).filter(({ session }) => session === wanted);

/** A process that grades a folder and prints the result. */
const GRADE = (folder: PluginFolder) => `
  import { gradeApart } from ${JSON.stringify(join(import.meta.dirname, 'grade-apart.ts'))};
  console.log(JSON.stringify(await gradeApart(${JSON.stringify(folder)})));`;
const ARGS = ['--no-warnings', '--input-type=module', '-e'];

describe('a plugin that is graded', () => {
  it.each<[string, string, RegExp]>([
    ['never ends', afterLoading(FOREVER), /did not get through the check within 3 seconds/],
    ['ends the process', 'real.exit(3);', /ended the check by itself \(exit code 3\)/],
    ['throws where nobody catches', afterLoading("throw new Error('Nobody there')"), /ended the check: Nobody there;/],
    [
      'fills the memory',
      afterLoading('for (const all = []; ; ) all.push(new Array(1e6).fill(0.5));'),
      /was ended by SIGABRT, as happens when the check takes more than 512 MB/,
    ],
    [
      'answers without an end',
      afterLoading("for (const junk = 'a'.repeat(1e6); ; ) fs.writeSync(3, junk);"),
      /more was written to where it answers than a check has to say/,
    ],
    ['is killed each time', "real.kill(real.pid, 'SIGTRAP');", /was ended by the signal SIGTRAP/],
  ])('has no grade where it %s, and is told so', async (what, code, sentence) => {
    const isLate = what === 'never ends';
    const result = await gradeApart(await doing(what.replaceAll(' ', '-'), code), isLate ? { timeoutMs: 3_000 } : {});
    expect(written(result)).toMatch(sentence);
    expect(result).toMatchObject({ grade: 'none', findings: [{ rule: 'P106', level: 'bronze' }] });
    expect(result.hash).toBeUndefined();
  });

  it('is graded once more where its process was killed, which may be no fault of its', async () => {
    const mark = JSON.stringify(join(home, 'killed'));
    const code = `if (!fs.existsSync(${mark})) { fs.writeFileSync(${mark}, ''); real.kill(real.pid, 'SIGTRAP'); }`;
    expect(written(await gradeApart(await doing('killed-once', code)))).toMatch(/P005/);
  });

  it.each<[string, string, RegExp]>([
    [
      'writes to where the answer goes',
      `fs.writeSync(3, ${FORGED}); real.kill(real.pid, 'SIGKILL');`,
      /was ended by the signal SIGKILL/,
    ],
    ['sends a message', `real.send(JSON.parse(${FORGED}));`, /P004: .*real\.send is not a function/],
    [
      'looks for what an answer begins with',
      `const said = [...real.argv, ...real.execArgv, JSON.stringify(real.env), fs.readFileSync(0, 'utf8')].join();
       fs.writeSync(3, said.match(/[0-9a-f]{64}/)[0] + ${FORGED});
       real.kill(real.pid, 'SIGKILL');`,
      /P004: .*Cannot read properties of null/,
    ],
  ])('cannot give itself a grade: %s', async (what, code, sentence) => {
    const result = await gradeApart(await doing(what.replaceAll(' ', '-'), code));
    expect(result.grade).toBe('none');
    expect(written(result)).toMatch(sentence);
  });

  it('is given nothing of the environment, and says nothing to whoever runs the check', async () => {
    const talk = "for (const fd of [1, 2]) fs.writeSync(fd, 'loud'); console.log('loud'); console.error('loud');";
    const folder = await doing('loud', `${talk} throw new Error(JSON.stringify(real.env));`);
    const { stdout, stderr } = await run(process.execPath, [...ARGS, GRADE(folder)]);
    expect(stderr).toBe('');
    expect(written(JSON.parse(stdout))).toMatch(/index\.js:\d+: P004: threw while loading: \{\}$/);
  });

  it('leaves no process behind, neither one that helped nor one that it started', async () => {
    await writePlugin(home, 'sound', { oauth: false, keys: true, webhooks: false, sync: true, actions: false });
    const index = join(home, 'sound', 'index.ts');
    const started = "import { spawn } from 'node:child_process';\nspawn('sleep', ['600']);\n";
    await writeFile(index, started + (await readFile(index, 'utf8')));
    const [result, session] = await Promise.all([gradeApart(await folderOf('sound')), grader()]);
    expect(result).toMatchObject({ grade: 'gold', hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await inSession(session)).toEqual([]);
  });
});

describe('the process that grades', () => {
  it('ends with the check that is given up', async () => {
    const over = new AbortController();
    const grading = gradeApart(await doing('given-up', afterLoading(FOREVER)), { signal: over.signal });
    const session = await grader();
    over.abort();
    expect(written(await grading)).toContain('was not checked to the end');
    expect((await inSession(session)).filter(({ state }) => state !== 'Z')).toEqual([]);
    expect(written(await gradeApart(await folderOf('given-up'), { signal: over.signal }))).toContain('was not checked');
  });

  it('ends with a hub that is killed, whatever code of the plugin does', async () => {
    const mark = join(home, 'orphan.pid');
    const code = `spawn('sleep', ['600']); fs.writeFileSync(${JSON.stringify(mark)}, String(real.pid) + '.'); ${FOREVER}`;
    const hub = spawn(process.execPath, [...ARGS, GRADE(await doing('orphan', afterLoading(code)))], { stdio: 'ignore' });
    const session = await until(async () => Number(/^(\d+)\./.exec(await readFile(mark, 'utf8'))?.[1]), { what: 'the loop' });
    hub.kill('SIGKILL');
    const left = async () => (await inSession(session)).filter(({ state }) => state !== 'Z');
    await until(async () => (await left()).length === 0, { what: 'its end' });
  });

  it('is missed, and nothing worse, where the system can open no file for it', async () => {
    const full = `
      import fs from 'node:fs';
      import { gradeApart } from ${JSON.stringify(join(import.meta.dirname, 'grade-apart.ts'))};
      const open = [];
      try { for (;;) open.push(fs.openSync('/dev/null')); } catch {}
      const { code } = await gradeApart(${JSON.stringify(await doing('no-room', ''))}).catch((error) => error);
      for (const file of open) fs.closeSync(file);
      console.log(code);`;
    const { stdout } = await run('sh', ['-c', 'ulimit -n 64; exec "$0" "$@"', process.execPath, ...ARGS, full]);
    expect(stdout).toBe('EMFILE\n');
  });

  it('does not outlast its time, though nobody ends it', async () => {
    alone = spawn(process.execPath, [join(import.meta.dirname, 'grade-process.ts')], {
      stdio: ['pipe', 'ignore', 'ignore', 'ignore', 'pipe'],
      detached: true,
    });
    const ended = new Promise((resolve) => alone?.once('exit', (_, signal) => resolve(signal)));
    const folder = await doing('outlasts', afterLoading(FOREVER));
    alone.stdin?.end(JSON.stringify({ folder, secret: '', timeoutMs: 1_000 }));
    expect(await ended).toBe('SIGKILL');
  });
});
