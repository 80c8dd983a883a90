import { describe, expect, it } from '@jest/globals';
import { NO_INPUT } from '../simulator/index.ts';
import { echoPlugin, echoSandbox } from './__fixtures__/echo/echo.ts';
import { dataOf, handlingOf, incomingCall, openBench, openStand, recordsIn, requestOf, sentBack } from './index.ts';

const account = { externalId: 'hall', label: 'Room hall' };
const plugin = echoPlugin();
const bench = () => openBench<{ size: number }>(plugin, echoSandbox, { account });
const { handlers, run, act } = handlingOf<{ size: number }>(plugin);

describe('a bench', () => {
  it('says what is not there', async () => {
    await expect(bench().press('sing')).rejects.toThrow('The panel has no button sing.');
    await expect(run(bench().ctx(), 'songs')).rejects.toThrow('The stream songs has no sync.');
    await expect(act(bench().ctx(), 'sing', {})).rejects.toThrow('There is no action sing.');
    expect(() => dataOf({ id: 'a', deleted: true })).toThrow('There is no record.');
  });

  it('does not let a checkpoint stand still', async () => {
    const stuck = handlingOf<{ size: number }>(echoPlugin({ stuckCheckpoint: true }));
    await expect(stuck.run(bench().ctx(), 'words')).rejects.toThrow('The checkpoint stands still: {"after":0}');
  });

  it('runs streams and actions, and writes down what was asked', async () => {
    const { ctx, seen } = bench();
    const part = await run(ctx({ config: { size: 2 } }), 'words', { pages: 2 });
    expect(part).toMatchObject({ ids: ['word-0', 'word-1', 'word-2', 'word-3'], checkpoint: { after: 4 } });
    expect((await run(ctx(), 'words', { from: part.checkpoint })).ids).toEqual(['word-4', 'word-5', 'word-6']);
    expect(await act(ctx(), 'shout', { word: 'ho' })).toEqual({ data: { word: 'ho' } });
    expect(seen.map(({ req, status }) => `${req.method} ${status}`)).toEqual(['GET 200', 'GET 200', 'GET 200', 'POST 201']);
  });

  it('answers in place of the simulator, and with another credential, where told to', async () => {
    const one = bench();
    one.intercept = ({ method }) => (method === 'POST' ? { status: 503 } : undefined);
    await expect(act(one.ctx(), 'shout', { word: 'ho' })).rejects.toMatchObject({ consequence: 'try-later' });
    expect((await run(one.ctx(), 'words')).items).toHaveLength(7);
    const stranger = one.ctx({ credentials: { apiKey: 'x', room: 'hall' } });
    await expect(handlers.test(stranger)).rejects.toMatchObject({ consequence: 'reconnect-needed' });
    expect(one.seen.map(({ status }) => status)).toEqual([503, 200, 200, 200, 401]);
  });

  it('calls where the account says, as the hub does', async () => {
    const moved = { ...plugin, manifest: { ...plugin.manifest, baseUrl: 'https://{place}.echo.example/v1' } } as typeof plugin;
    const placed = { ...account, vars: { place: 'api' } };
    const { ctx, seen } = openBench<{ size: number }>(moved, echoSandbox, { account: placed });
    await run(ctx(), 'words');
    expect(seen[0]?.req.host).toBe('api.echo.example');
    const early = openBench<{ size: number }>(moved, echoSandbox, { account });
    await expect(run(early.ctx(), 'words')).rejects.toThrow('identify calls whole addresses');
  });

  it('hears webhooks as the hub does', async () => {
    const one = bench();
    await one.press('say');
    const keys = one.rigFor().keys;
    const [req = incomingCall('')] = one.webhooks();
    expect(req.url).toBe(one.ctx().webhookUrl);
    expect(handlers.webhook.verify(req, keys)).toBe(true);
    expect(handlers.webhook.verify(incomingCall(req.raw), keys)).toBe(false);
    const [event] = handlers.webhook.events(req);
    const effects = event && (await handlers.webhook.onEvent?.(one.ctx(), event));
    expect(recordsIn(effects, 'words').map(({ id }) => id)).toEqual(['m1']);
    expect(recordsIn(effects, 'songs')).toEqual([]);
  });
});

describe('a stand', () => {
  const counter = (saved?: unknown) =>
    openStand(
      (env) => {
        let count = Number(env.load() ?? 0);
        return {
          async handle({ path, query, body }) {
            count += 1;
            env.save(count);
            await env.deliver('/c/key', {}, `${path} ${query.get('q')} ${body}`);
            return { status: 303, headers: { location: `https://hub.example/?n=${count}&at=${env.now().getTime()}` } };
          },
          panel: () => ({ credentials: {}, facts: {}, log: [] }),
          commands: { reset: { title: 'Reset', input: NO_INPUT, run: async () => ({ message: String(count) }) } },
        };
      },
      { saved },
    );

  it('keeps what is saved, tells the time it is given, and hears what is delivered', async () => {
    const first = counter();
    first.now = new Date(5);
    const answer = await first.sim.handle(requestOf('POST', 'https://a.example/x?q=1', { json: { a: 1 } }));
    expect(sentBack(answer).toString()).toBe('n=1&at=5');
    expect(first.delivered).toEqual([{ path: '/c/key', headers: {}, body: '/x 1 {"a":1}' }]);
    const second = counter(first.saved);
    expect(sentBack(await second.sim.handle(requestOf('GET', 'https://a.example/'))).get('n')).toBe('2');
    expect(() => sentBack({ status: 200 })).toThrow('Nobody was sent anywhere.');
  });
});
