import { cp, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { discover } from './discover.ts';
import { gradeFolder } from './grade.ts';
import { type Graded, gradeOf, RULES, type RuleId, writtenFinding } from './rules.ts';
import { writePlugin } from './scaffold/scaffold.ts';

const home = await realpath(await mkdtemp(join(tmpdir(), 'grade-')));
beforeAll(() => writePlugin(home, 'sound', { oauth: true, keys: true, webhooks: true, sync: true, actions: true }));
afterAll(() => rm(home, { recursive: true }));

type Edit = readonly [file: string, from: string | RegExp, to: string];

/** A sound plugin with one thing done wrong. */
async function spoilt(id: string, edits: readonly Edit[]) {
  await cp(join(home, 'sound'), join(home, id), { recursive: true });
  for (const [file, from, to] of edits) {
    const path = join(home, id, file);
    if (to === 'REMOVED') await rm(path);
    else {
      const text = await readFile(path, 'utf8');
      const changed = text.replace(from, to);
      if (changed === text) throw new Error(`${file} has no ${from}`);
      await writeFile(path, changed);
    }
  }
  const folder = (await discover([home])).find((one) => one.id === id);
  if (!folder) throw new Error(`no folder ${id}`);
  return folder;
}

const TEST = /(async function test\(.*\{\n)/;
const never: Edit = ['manifest.ts', 'sdk: 1,', "sdk: 1,\n  whiteLabel: { never: ['Acmecorp'] },"];

/** For each rule the load itself does not test: a mistake that breaks it, and what is said. */
const MISTAKES: readonly (readonly [RuleId, RegExp, readonly Edit[]])[] = [
  ['P014', /manifest\.ts:7: P014: summary says "Acmecorp"/, [['manifest.ts', 'Your customers in', 'Acmecorp:'], never]],
  ['P101', /P101: has no icon/, [['icon.svg', '', 'REMOVED']]],
  ['P102', /P102: has no README/, [['README.md', '', 'REMOVED']]],
  ['P103', /manifest\.ts:\d+: P103: .*apiKey is named like a secret/, [['manifest.ts', "            'x-secret': true,\n", '']]],
  ['P104', /manifest\.ts:\d+: P104: .*only repeats/, [['manifest.ts', /reason: '[^']*'/, "reason: 'The customers.read'"]]],
  [
    'P105',
    /webhook\.ts:32: P105: .*body changed/,
    [
      [
        'webhook.ts',
        /verify: .*,\n/,
        'verify: (req, keys) => Boolean(keys.app.webhookSecret && req.headers[SIGNATURE]?.length === 64),\n',
      ],
    ],
  ],
  [
    'P106',
    /sync\.ts:9: P106: streams\.customers gives the checkpoint/,
    [['sync.ts', 'checkpoint: { cursor }', 'checkpoint: { same: true }']],
  ],
  ['P201', /P201: does not answer for login/, [['sandbox.ts', /, 'login[^']*'/, '']]],
  [
    'P202',
    /P202: cannot connect to its simulator by OAuth/,
    [['sandbox.ts', '...DEMO_TOKENS', "...DEMO_TOKENS, accessToken: 'other'"]],
  ],
  ['P203', /P203: takes a wrong credential/, [['sandbox.ts', "if (!this.#isKnown(bearerOf(req) ?? ''))", 'if (!bearerOf(req))']]],
  [
    'P204',
    /P204: streams\.customers misses \d+ records/,
    [
      ['sync.ts', "{ cursor: from['cursor'] }", "{ cursor: from['cursor'] + 'z9' }"],
      ['sandbox.ts', "query.get('cursor') ??", "query.get('cursor')?.replace(/^.*z9$/, '2026-01-25') ??"],
    ],
  ],
  [
    'P205',
    /P205: .*another id the second time/,
    [['webhook.ts', 'return [{ id, type', 'return [{ id: id + Math.random(), type']],
  ],
  ['P206', /P206: has tests, but none runs/, [['sound.test.ts', /testPlugin\(plugin/, 'console.log(plugin']]],
  ['P207', /README\.md: P207: does not name the redirect URI/, [['README.md', '/oauth/callback', '/oauth']]],
  [
    'P208',
    /api\.ts:\d+: P208: says "Acmecorp"/,
    [['api.ts', /throw new TryLater\('Sound/, "throw new TryLater('Acmecorp"], never],
  ],
  ['P209', /sandbox\.ts: P209: sends no webhook/, [['sandbox.ts', "const SIGNATURE = 'x-", "const SIGNATURE = 'y-"]]],
  [
    'P210',
    /index\.ts:\d+: P210: streams\.customers reads the record \S+ as a contact that has createdAt\.at "yesterday", which must be a time in UTC/,
    [
      [
        'index.ts',
        "{ title: 'Customers',",
        "{ model: { kind: 'contact', of: () => ({ createdAt: { at: 'yesterday' } }) }, title: 'Customers',",
      ],
    ],
  ],
  [
    'P301',
    /P301: identify must end in TryLater when the provider is overloaded/,
    [
      [
        'index.ts',
        'await readAccount(http);\n  return { ext',
        "await readAccount(http).catch(() => { throw new Rejected('No.'); });\n  return { ext",
      ],
      ['index.ts', 'definePlugin,', 'definePlugin, Rejected,'],
    ],
  ],
  [
    'P302',
    /P302: streams\.customers takes for "nothing there" text/,
    [['api.ts', /throw new TryLater\('Sound sent.*;/, "return { customers: [], cursor: 'end', more: false };"]],
  ],
  ['P303', /P303: there is no `test`/, [['index.ts', 'identify, test,', 'identify,']]],
  [
    'P304',
    /P304: actions\.shout has no description/,
    [
      [
        'index.ts',
        'webhook, actions }',
        "webhook, actions: { ...actions, shout: { title: 'Shout', input: { type: 'object', properties: {} }, run: async () => ({ data: {} }) } } }",
      ],
    ],
  ],
  ['P305', /manifest\.ts:\d+: P305: .*clientId has no description/, [['manifest.ts', /, description: 'Of your app[^']*'/, '']]],
  [
    'P306',
    /actions\.ts:\d+: P306: actions\.tagCustomer fails on its own input demo\.actions\.tagCustomer: POST .* answered with 404/,
    [['sandbox.ts', "tagCustomer: { id: 'cus_1'", "tagCustomer: { id: 'cus_0'"]],
  ],
];

const written = ({ findings }: Graded) => findings.map(writtenFinding).join('\n');

describe('the checker', () => {
  it.each(MISTAKES)('finds what breaks %s, and only takes the grade that needs it', async (rule, sentence, edits) => {
    const result = await gradeFolder(await spoilt(rule.toLowerCase(), edits));
    expect(written(result)).toMatch(sentence);
    expect([...new Set(result.findings.map((finding) => finding.rule))]).toEqual([rule]);
    expect(result.grade).toBe(gradeOf([{ rule, level: RULES[rule].level, file: '', message: '' }]));
  });

  it('finds a webhook that reads its address and trusts any', async () => {
    const folder = await spoilt('any-address', [['webhook.ts', /verify: (\(.*?\)) => /, "verify: $1 => req.url !== '' && "]]);
    expect(written(await gradeFolder(folder))).toMatch(
      /webhook\.ts:32: P105: webhook\.verify accepts a signed call at another address, though it reads req\.url; .* and req\.url$/,
    );
  });

  it('has a mistake for each rule above errors', () => {
    const graded = Object.entries(RULES).filter(([, { level }]) => level !== 'error');
    expect(MISTAKES.map(([rule]) => rule).filter((rule) => rule !== 'P014')).toEqual(graded.map(([rule]) => rule));
  });

  it.each([
    ['ends the process', 'process.exit(0);', /P303: `test` does not come to its sentence: .*process\.exit/],
    [
      'throws',
      "throw new Error('Nobody there.');",
      /index\.ts:\d+: P303: `test` does not come to its sentence: it threw an error of its own: Nobody there; /,
    ],
    ['says nothing', 'return {} as TestResult;', /index\.ts:\d+: P303: `test` answers without a `message`/],
    [
      'hangs',
      'await new Promise(() => undefined);',
      /P303: `test` does not come to its sentence: .* no answer within 15 seconds/,
    ],
  ])('does not take for gold a plugin whose test %s', async (what, line, sentence) => {
    const result = await gradeFolder(await spoilt(`test-${what.replaceAll(' ', '-')}`, [['index.ts', TEST, `$1 ${line}`]]));
    expect(result.grade).toBe('silver');
    expect(written(result)).toMatch(sentence);
    expect(result.findings).toHaveLength(1);
  });

  it('names the rule of a folder that cannot be loaded', async () => {
    const result = await gradeFolder(await spoilt('reaches', [['index.ts', "'./api.ts'", "'../sound/api.ts'"]]));
    expect(written(result)).toMatch(/reaches\/index\.ts:3: P003: "\.\.\/sound\/api\.ts" is out of a plugin's reach/);
  });
});
