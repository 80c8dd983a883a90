import { expect, it } from '@jest/globals';
import { hubError } from '../index.ts';
import { isSecret, type LinkChanges, manualWay, type Rig, type RigOptions } from './rig.ts';
import type { Answer } from './simulated-http.ts';

type Open = () => Rig;

/** Who are we connected to, and what happens when the provider does not play along? */
export function connectSuite(open: Open, options: RigOptions): void {
  accountSuite(open, options);
  troubleSuite(open);
}

function accountSuite(open: Open, options: RigOptions): void {
  it('names the account it is connected to, the same one each time', async () => {
    const rig = open();
    const { account } = await rig.connect();
    expect(account).toMatchObject({ externalId: expect.stringMatching(/\S/), label: expect.stringMatching(/\S/) });
    expect(JSON.parse(JSON.stringify(account))).toEqual(account);
    expect((await rig.connect()).account.externalId).toBe(account.externalId);
  });

  it('refuses a credential the provider does not know', async () => {
    const rig = open();
    const error = await failure(rig.handlers.identify(rig.link(wrongCredential(rig, options)), rig.grant));
    expect(error?.consequence).toMatch(/^(rejected|reconnect-needed)$/);
    expect(error?.message).toMatch(/\S/);
  });

  it('proves in words that the connection works, where it has a test', async () => {
    const rig = open();
    const { ctx } = await rig.connect();
    const result = await rig.handlers.test?.(ctx);
    if (rig.handlers.test) expect(result).toMatchObject({ message: expect.stringMatching(/\S/) });
  });

  it('offers choices with a value and a label, where it has loaders', async () => {
    const rig = open();
    const { ctx } = await rig.connect();
    for (const load of Object.values(rig.handlers.options ?? {})) {
      for (const option of await load(ctx, {}))
        expect(option).toEqual({ value: expect.any(String), label: expect.stringMatching(/\S/) });
    }
  });
}

function troubleSuite(open: Open): void {
  it.each<[string, Answer]>([
    ['is overloaded (429)', async () => ({ status: 429, body: { message: 'Too many requests' } })],
    ['is broken (500)', async () => ({ status: 500, body: 'Internal error' })],
    ['is away (503)', async () => ({ status: 503, body: '<html>Maintenance</html>' })],
    ['hangs up', async () => ({ status: 200, hangUp: true })],
  ])('asks to try later when the provider %s', async (_, answer) => {
    const rig = open();
    expect((await failure(rig.handlers.identify(rig.link({ answer }), rig.grant)))?.consequence).toBe('try-later');
  });

  it.each<[string, unknown]>([
    ['text', 'OK'],
    ['an empty object', {}],
    ['null', 'null'],
    ['a list', []],
  ])('does not take %s for an account, nor trip over it', async (_, body) => {
    const rig = open();
    const answer: Answer = async () => ({ status: 200, body });
    const outcome = await settled(rig.handlers.identify(rig.link({ answer }), rig.grant));
    // Where the grant alone names the account, an answer without a name may do.
    if ('value' in outcome)
      expect(outcome.value).toMatchObject({ externalId: expect.stringMatching(/\S/), label: expect.stringMatching(/\S/) });
    else expect(hubError(outcome.error) ?? outcome.error).toHaveProperty('consequence');
  });
}

/** The demo credential with its later half replaced: it keeps whatever beginning the form asks for. */
function wrongCredential({ manifest }: Rig, { credentials = {}, oauth }: RigOptions): LinkChanges {
  if (oauth) return { accessToken: spoilt(oauth.accessToken) };
  const fields = manualWay(manifest)?.fields.properties ?? {};
  const entries = Object.entries(credentials).map(([name, value]) => [name, isSecret(fields[name]) ? spoilt(value) : value]);
  return { credentials: Object.fromEntries(entries) };
}

function spoilt(value: string): string {
  const kept = Math.ceil(value.length / 2);
  return value.slice(0, kept) + value.slice(kept).replaceAll(/[a-z0-9]/gi, (sign) => (sign === '0' ? '1' : '0'));
}

async function failure(work: Promise<unknown>) {
  const outcome = await settled(work);
  if ('value' in outcome) throw new Error('It was expected to fail and did not.');
  return hubError(outcome.error) ?? Promise.reject(outcome.error);
}

async function settled(work: Promise<unknown>): Promise<{ value: unknown } | { error: unknown }> {
  try {
    return { value: await work };
  } catch (error) {
    return { error };
  }
}
