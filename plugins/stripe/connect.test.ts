import { describe, expect, it } from '@jest/globals';
import { hubError } from 'patchbay';
import { BLUE_TEST, DEMO_KEY, LIVE_KEY, READER_KEY, RESTRICTED_KEY, RIVERSIDE_KEY } from './sandbox/demo.ts';
import { blueTest, handlers, newRig, type Rig } from './test-rig.ts';

async function refusal(work: Promise<unknown>) {
  const error = hubError(
    await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    ),
  );
  if (!error) throw new Error('it was not refused');
  const { consequence, code, message, fields } = error;
  return { consequence, code, message, fields };
}

const identify = (rig: Rig, key: string, grant = {}) => handlers.identify(rig.ctx({ key }), grant);

describe('a key', () => {
  it.each([
    ['a publishable key', 'pk_test_51BlueFitnessDemoPublic', /publishable key/],
    ['the key of an organisation', 'sk_org_test_51BlueFitnessDemo001', /organisation/],
    ['a signing secret', 'whsec_51BlueFitnessDemoSecret01', /signing secret/],
    ['a word', 'password', /begins with rk_test_/],
    ['a key cut short', 'rk_live_51Blue', /at least 16/],
  ])('that is %s is refused with the reason, before anything is sent', async (_, key, words) => {
    const rig = newRig();
    const found = await refusal(identify(rig, key));
    expect(found).toMatchObject({ consequence: 'rejected', code: 'INVALID_CREDENTIALS', message: expect.stringMatching(words) });
    expect(found.fields?.[0]?.pointer).toBe('/fields/secretKey');
    expect(found.message).not.toContain(key);
    expect(rig.seen).toEqual([]);
  });

  it.each([
    ['nobody knows', 'sk_test_51NobodyKnowsThisOne001', /does not know this key/],
    ['that has expired', DEMO_KEY, /has expired/],
  ])('%s asks to connect again', async (what, key, words) => {
    const rig = newRig();
    if (what.includes('expired')) await rig.press('rollKey');
    expect(await refusal(identify(rig, key))).toMatchObject({
      consequence: 'reconnect-needed',
      code: 'INVALID_CREDENTIALS',
      message: expect.stringMatching(words),
    });
  });

  it('names its account, and test and live as two', async () => {
    const rig = newRig();
    expect(await identify(rig, DEMO_KEY)).toEqual(blueTest);
    expect(await identify(rig, LIVE_KEY)).toEqual({ ...blueTest, externalId: BLUE_TEST.account, mode: 'live' });
    expect(await identify(rig, ` ${LIVE_KEY}\n`)).toMatchObject({ mode: 'live' });
    expect(await identify(rig, RIVERSIDE_KEY)).toMatchObject({ label: 'Riverside Dental', mode: 'test' });
  });

  it('that may not read its account takes the account from the refusal', async () => {
    const rig = newRig();
    expect(await identify(rig, RESTRICTED_KEY)).toMatchObject({
      externalId: blueTest.externalId,
      label: `Stripe ${BLUE_TEST.account}`,
    });
    await expect(identify(rig, RESTRICTED_KEY, { accountId: BLUE_TEST.account })).resolves.toMatchObject({ mode: 'test' });
    expect(await refusal(identify(rig, RESTRICTED_KEY, { accountId: 'acct_1SomebodyElse001' }))).toMatchObject({
      code: 'INVALID_CREDENTIALS',
      message: expect.stringContaining(BLUE_TEST.account),
    });
  });

  it('that does not say whose it is asks for the account', async () => {
    const rig = newRig();
    rig.intercept = ({ path }) =>
      path === '/v1/account'
        ? { status: 403, body: { error: { type: 'invalid_request_error', message: 'Not allowed.' } } }
        : undefined;
    const found = await refusal(identify(rig, RESTRICTED_KEY));
    expect(found.fields?.[0]?.pointer).toBe('/fields/accountId');
    const given = await identify(rig, RESTRICTED_KEY, { accountId: 'acct_1GivenByHand01' });
    expect(given).toMatchObject({ externalId: 'acct_1GivenByHand01:test' });
  });

  it('says in its test what it opens, and which rights it lacks', async () => {
    const rig = newRig();
    const good = await handlers.test(rig.ctx());
    expect(good.message).toMatch(/^Connected to Blue Fitness \(test mode\), USD [\d,]+\.\d\d available\.$/);
    rig.sim.keys.made.push({
      key: 'rk_test_51OnlyTheBalanceKey00001',
      slug: 'blue-test',
      rights: ['balance_read', 'customer_read'],
    });
    expect(good.partly).toBeUndefined();
    const poor = await handlers.test(rig.ctx({ key: 'rk_test_51OnlyTheBalanceKey00001' }));
    expect(poor).toMatchObject({ partly: true, message: expect.stringMatching(/Developers > API keys > the key > Edit\.$/) });
    expect(poor.message).toContain(
      'lacks the right "Charge: Read" (rak_charge_read), "Subscription: Read" (rak_subscription_read)',
    );
    const live = { ...blueTest, mode: 'live' } as const;
    expect(await refusal(handlers.test(rig.ctx({ account: live })))).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  });

  it('offers currencies in use and names of metadata', async () => {
    const rig = newRig();
    const riverside = rig.ctx({ key: RIVERSIDE_KEY, config: { currencies: ['chf'] } });
    const currencies = (await handlers.options['currencies']?.(riverside, {})) ?? [];
    expect(currencies).toEqual([
      { value: 'chf', label: 'CHF, Swiss Franc' },
      { value: 'gbp', label: 'GBP, British Pound' },
      { value: 'jpy', label: 'JPY, Japanese Yen' },
    ]);
    await rig.sim.shop(BLUE_TEST).charge({ amount: 5, currency: 'usd', metadata: { shop_order: '1' } });
    const names = (await handlers.options['metadataKeys']?.(rig.ctx(), {})) ?? [];
    expect(names.map(({ value }) => value)).toEqual(['order_id', 'shop_order']);
  });
});

describe('an answer', () => {
  const answer = (status: number, error: object, headers = {}) => {
    const found = handlers.explain({ status, headers, data: { error: { type: 'invalid_request_error', ...error } } });
    return found === 'expired' ? found : found && { consequence: found.consequence, code: found.code, message: found.message };
  };

  it.each([
    ['401', answer(401, { message: 'Invalid API Key provided: sk_test_****' }), { consequence: 'reconnect-needed' }],
    [
      '403 with the missing right',
      answer(403, { message: "The provided key 'rk_test_***' … Having the 'rak_webhook_write' permission would allow this." }),
      { consequence: 'rejected', code: 'FORBIDDEN', message: expect.stringContaining('"Webhook: Write" (rak_webhook_write)') },
    ],
    ['404', answer(404, { code: 'resource_missing', message: "No such charge: 'ch_1'" }), { consequence: 'not-found' }],
    ['a missing object in a 400', answer(400, { code: 'resource_missing', param: 'charge' }), { consequence: 'not-found' }],
    [
      'a declined card',
      answer(402, {
        type: 'card_error',
        code: 'card_declined',
        decline_code: 'insufficient_funds',
        message: 'Your card has insufficient funds.',
      }),
      {
        consequence: 'rejected',
        message: 'Your card has insufficient funds. The customer needs another card, or money on this one.',
      },
    ],
    ['a key used for something else', answer(400, { type: 'idempotency_error' }), { consequence: 'rejected', code: 'CONFLICT' }],
    ['a key in use', answer(409, { code: 'idempotency_key_in_use' }), { consequence: 'try-later' }],
    ['a lock', answer(429, { code: 'lock_timeout' }), { consequence: 'try-later' }],
    [
      'a 500 that is not to be sent again',
      answer(500, { type: 'api_error' }, { 'stripe-should-retry': 'false' }),
      { consequence: 'try-later' },
    ],
    [
      'a limit that ends soon',
      answer(429, { code: 'rate_limit' }, { 'stripe-should-retry': 'true' }),
      { code: 'RATE_LIMIT_EXCEEDED' },
    ],
    ['what has been refunded', answer(400, { code: 'charge_already_refunded' }), { code: 'CONFLICT' }],
    ['another 400', answer(400, { message: 'Invalid integer: x' }), { message: 'Stripe refused this: Invalid integer: x.' }],
  ])('of %s means what it means', (_, found, wanted) => {
    expect(found).toMatchObject(wanted);
  });

  it('that says nothing of its own is left to the hub', () => {
    expect(answer(429, { code: 'rate_limit' })).toBeUndefined();
    expect(answer(500, { type: 'api_error' })).toBeUndefined();
    expect(answer(503, { type: 'api_error' }, { 'stripe-should-retry': 'true' })).toBeUndefined();
    expect(handlers.explain({ status: 503, headers: {}, data: '<html>' })).toBeUndefined();
  });

  it('refused by a key that may only read names the right to write', async () => {
    const rig = newRig();
    const ctx = rig.ctx({ key: READER_KEY });
    const refused = await refusal(
      Promise.resolve(handlers.webhook.subscribe?.(ctx, 'https://hub.example/webhooks/stripe/c/key')),
    );
    expect(refused).toMatchObject({ code: 'FORBIDDEN', message: expect.stringContaining('rak_webhook_write') });
    expect(refused).toMatchObject({ message: expect.stringContaining('make the webhook by hand') });
  });
});
