import { expect, it } from '@jest/globals';
import { isUnproven, type Open, type RigOptions, wrongCredential } from './rig.ts';
import { GARBAGE, garbage, OUTAGES, outcomeOf, REFUSALS } from './trouble.ts';

/** Who are we connected to, and what happens when the provider does not play along? */
export function connectSuite(open: Open, options: RigOptions): void {
  accountSuite(open, options);
  troubleSuite(open);
}

function accountSuite(open: Open, options: RigOptions): void {
  it('names the account it is connected to, the same one each time', async () => {
    const rig = open.steady();
    const { account } = await rig.connect();
    expect(account).toMatchObject({ externalId: expect.stringMatching(/\S/), label: expect.stringMatching(/\S/) });
    expect(JSON.parse(JSON.stringify(account))).toEqual(account);
    expect([undefined, 'test', 'live']).toContain(account.mode);
    expect((await rig.connect()).account.externalId).toBe(account.externalId);
  });

  it('refuses a credential the provider does not know', async () => {
    const rig = open.steady();
    if (isUnproven(rig.manifest, options)) return;
    const outcome = await outcomeOf(rig.handlers.identify(rig.link(wrongCredential(rig.manifest, options)), rig.grant));
    expect(outcome).toMatchObject({
      consequence: expect.stringMatching(/^(rejected|reconnect-needed)$/),
      message: expect.stringMatching(/\S/),
    });
  });

  it('proves in words that the connection works, where it has a test', async () => {
    const rig = open.steady();
    const { ctx } = await rig.connect();
    const result = await rig.handlers.test?.(ctx);
    if (rig.handlers.test) expect(result).toMatchObject({ message: expect.stringMatching(/\S/) });
  });
}

function troubleSuite(open: Open): void {
  it.each(OUTAGES)('asks to try later when the provider %s', async (_, answer) => {
    const rig = open.steady();
    expect(await outcomeOf(rig.handlers.identify(rig.link({ answer }), rig.grant))).toMatchObject({ consequence: 'try-later' });
  });

  it.each(REFUSALS)('says so when the provider %s', async (_, answer, consequences) => {
    const rig = open.steady();
    const outcome = await outcomeOf(rig.handlers.identify(rig.link({ answer }), rig.grant));
    expect(consequences).toContain('consequence' in outcome ? outcome.consequence : 'an account');
  });

  it.each(GARBAGE)('does not take %s for an account, nor trip over it', async (_, body) => {
    const rig = open.steady();
    const outcome = await outcomeOf(rig.handlers.identify(rig.link({ answer: garbage(body) }), rig.grant));
    // Where the grant alone names the account, an answer without a name may do.
    if ('value' in outcome)
      expect(outcome.value).toMatchObject({ externalId: expect.stringMatching(/\S/), label: expect.stringMatching(/\S/) });
  });

  it.each(OUTAGES)('asks to try later in its test when the provider %s', async (_, answer) => {
    const rig = open.steady();
    const { ctx } = await rig.connect({ answer });
    const { test } = rig.handlers;
    if (test) expect(await outcomeOf(test(ctx))).toMatchObject({ consequence: 'try-later' });
  });
}
