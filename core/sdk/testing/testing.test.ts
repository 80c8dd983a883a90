import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hubError } from '../index.ts';
import { echoCredentials, echoInputs, echoPlugin, echoSandbox, type Mistakes } from './__fixtures__/echo/echo.ts';
import { type OAuthMistakes, oauthPlugin, oauthSandbox } from './__fixtures__/echo/oauth.ts';
import { openRig, testPlugin } from './index.ts';

const folder = join(import.meta.dirname, '__fixtures__', 'echo');

testPlugin(echoPlugin(), echoSandbox, { folder, credentials: echoCredentials, webhook: { command: 'say' }, actions: echoInputs });

testPlugin(oauthPlugin(), oauthSandbox(), { folder });

/** Which tests of the suite a mistake of a simulator makes fail. */
const NOTICED_OF_TOKENS: Readonly<Record<keyof OAuthMistakes, readonly string[]>> = {
  exchangesAnything: ['is refused the exchange of a token the provider never gave'],
  exchangesForNothing: ['exchanges its token, and the new one opens the same account'],
  forgetsToRevoke: ['hands its token back, which then opens nothing'],
  renewsAnything: ['is refused a refresh token the provider never gave'],
};

/** Which tests of the suite a mistake makes fail, by a part of their name. */
const NOTICED: Readonly<Record<keyof Mistakes, readonly string[]>> = {
  acceptsAnything: ['any byte changed', 'without its headers', 'while no key is set'],
  ignoresBody: ['any byte changed', 'while no key is set'],
  trustsAnyKey: ['while no key is set'],
  trustsAnyAddress: ['at another address'],
  stuckCheckpoint: ['moves its checkpoint'],
  losesOnResume: ['resumes from each checkpoint'],
  startsOver: ['instead of from the beginning'],
  swallowsErrors: ['does not know', '(429)', '(500)', '(503)', 'hangs up'],
  bareSecret: ['every field of the keys'],
  foreignEffect: ['changes only its own streams'],
  crashesOnGarbage: ['body ""', 'body "garbage"'],
  provesNothing: ['in its test when the provider is broken (500)'],
  choosesNothing: ['in options.answers when the provider is broken (500)'],
  trustsAnswers: ['does not take text for the last page', 'does not take an empty object for the last page'],
  goesRound: ['does not go round for ever'],
  idsByChance: ['recognises a replay'],
  unlikeModel: ['in the shared shape it names'],
  foreignAccount: ['names account and message'],
  subscribesBare: ['what a subscription is named by'],
  endsOnce: ['that the provider has ended already'],
  keepsQuiet: ['when the provider is overloaded (429)', 'when the provider does not answer in time'],
};

describe('the contract suite notices a plugin that', () => {
  let failed: ReadonlyMap<string, readonly string[]>;

  // The suites of plugins with mistakes have to fail: they run in a jest of their own.
  beforeAll(async () => {
    const dir = await realpath(await mkdtemp(join(tmpdir(), 'contract-')));
    const file = join(dir, 'mistakes.test.ts');
    await writeFile(file, suiteSource());
    failed = await failuresOf(file, dir);
    await rm(dir, { recursive: true });
  });

  it.each(Object.entries({ ...NOTICED, ...NOTICED_OF_TOKENS }))('%s', (mistake, names) => {
    const titles = failed.get(mistake) ?? [];
    for (const name of names) expect(titles).toContainEqual(expect.stringContaining(name));
  });

  it('has a webhook and no way to make the simulator send one', () => {
    expect(failed.get('noTrigger')).toEqual(['is tested with a webhook of its simulator']);
  });
});

describe('a rig', () => {
  const rig = openRig(echoPlugin(), echoSandbox, { credentials: echoCredentials });
  afterAll(() => rig.close());

  it('lets handlers be called with what the hub would give them', async () => {
    const { account, ctx } = await rig.connect();
    expect(account).toEqual({ externalId: 'hall', label: 'Room hall' });
    expect(ctx.config).toEqual({ size: 3 });
    expect((await ctx.http.get('words', { query: { after: 5, limit: 9 } })).data).toEqual({
      words: [{ id: 'word-5' }, { id: 'word-6' }],
    });
  });

  it('refuses hosts the manifest does not declare', async () => {
    const error = await rig
      .link()
      .http.get('https://elsewhere.example/')
      .catch((thrown: unknown) => thrown);
    expect(hubError(error)?.message).toContain('elsewhere.example is not declared in the manifest');
  });

  it.each([
    [401, 'reconnect-needed'],
    [403, 'rejected'],
    [404, 'not-found'],
    [429, 'try-later'],
    [502, 'try-later'],
  ])('turns %i into the error the hub would throw', async (status, consequence) => {
    const { http } = rig.link({ answer: async () => ({ status }) });
    const error = await http.get('/room').catch((thrown: unknown) => thrown);
    expect(hubError(error)?.consequence).toBe(consequence);
  });
});

function suiteSource(): string {
  const options = `folder: ${JSON.stringify(folder)}, credentials: echoCredentials, actions: echoInputs`;
  return `
    import { describe } from '@jest/globals';
    import { echoCredentials, echoInputs, echoPlugin, echoSandbox } from ${JSON.stringify(join(folder, 'echo.ts'))};
    import { oauthPlugin, oauthSandbox } from ${JSON.stringify(join(folder, 'oauth.ts'))};
    import { testPlugin } from 'patchbay/testing';
    for (const mistake of ${JSON.stringify(Object.keys(NOTICED))}) {
      describe(mistake, () => testPlugin(echoPlugin({ [mistake]: true }), echoSandbox, { ${options}, webhook: { command: 'say' } }));
    }
    for (const mistake of ${JSON.stringify(Object.keys(NOTICED_OF_TOKENS))}) {
      describe(mistake, () => testPlugin(oauthPlugin(), oauthSandbox({ [mistake]: true }), { folder: ${JSON.stringify(folder)} }));
    }
    describe('noTrigger', () => testPlugin(echoPlugin(), echoSandbox, { ${options} }));`;
}

interface Report {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
      readonly status: string;
    }[];
  }[];
}

async function failuresOf(file: string, rootDir: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const root = join(import.meta.dirname, '../../..');
  const { default: base } = (await import(join(root, 'jest.config.js'))) as { default: Record<string, unknown> };
  const { globalSetup: _, globalTeardown: __, ...rest } = base;
  const config = JSON.parse(JSON.stringify({ ...rest, rootDir }).replaceAll('<rootDir>', root)) as Record<string, unknown>;
  config['transform'] = { '^.+\\.ts$': [join(root, 'node_modules/@swc/jest'), swcOptions(base)] };
  config['moduleNameMapper'] = {
    ...(config['moduleNameMapper'] as object),
    '^@jest/globals$': join(root, 'node_modules/@jest/globals'),
  };
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const args = [
    '--experimental-vm-modules',
    '--no-warnings',
    jest,
    '--config',
    JSON.stringify(config),
    '--json',
    '--runTestsByPath',
    file,
  ];
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: rootDir, maxBuffer: 1e8 }, (_error, stdout, stderr) => resolve(stdout || stderr));
  });
  const { testResults } = JSON.parse(output) as Report;
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  if (results.length === 0) throw new Error(testResults.map(({ message }) => message).join('\n'));
  const failed = new Map<string, string[]>();
  for (const { ancestorTitles, title, status } of results) {
    if (status === 'failed') failed.set(ancestorTitles[0] ?? '', [...(failed.get(ancestorTitles[0] ?? '') ?? []), title]);
  }
  return failed;
}

function swcOptions(base: Record<string, unknown>): unknown {
  return (Object.values(base['transform'] as object)[0] as unknown[])[1];
}
