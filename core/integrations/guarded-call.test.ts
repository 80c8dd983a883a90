import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { createLog } from '../log.ts';
import { type HubError, hubError, NotFound, PluginFault, TryLater } from '../sdk/index.ts';
import { guardedCall } from './guarded-call.ts';
import { LinkLog } from './link-log.ts';

const lines: string[] = [];
const faults: unknown[] = [];
const log = createLog('warn', { write: (line: string) => void lines.push(line) }).child({ plugin: 'acme' });

function call<T>(fn: () => T | Promise<T>, { timeoutMs = 5000, controller = new AbortController() } = {}) {
  const { signal } = controller;
  return guardedCall(
    {
      name: 'Acme',
      handler: 'test',
      log,
      signal,
      onFault: (error) => void faults.push(error),
      abort: (reason) => controller.abort(reason),
      timeoutMs,
    },
    fn,
  );
}

async function thrown(work: Promise<unknown>): Promise<HubError> {
  const error = hubError(
    await work.then(
      () => undefined,
      (reason: unknown) => reason,
    ),
  );
  if (!error) throw new Error('no HubError was thrown');
  return error;
}

describe('a call into a plugin', () => {
  it('that never ends is given up at the deadline, and its signal aborts', async () => {
    const controller = new AbortController();
    const error = await thrown(call(() => new Promise(() => undefined), { timeoutMs: 50, controller }));
    expect(error).toMatchObject({ consequence: 'try-later', message: 'The plugin Acme did not finish `test` within 0.05 s.' });
    expect(controller.signal.aborted).toBe(true);
  });

  it.each([
    ['does not end', () => new Promise(() => undefined), 'did not finish `test`'],
    [
      'asks for a host it has not declared',
      () => Promise.reject(new PluginFault('Acme may not call x.example.')),
      'may not call',
    ],
    ['trips', () => Promise.reject(new Error('boom')), 'boom'],
  ])('that %s is one line of the log, with the plugin and the handler, and one fault', async (_, fn, said) => {
    lines.length = 0;
    faults.length = 0;
    await thrown(call(fn, { timeoutMs: 50 }));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ plugin: 'acme', where: 'test', msg: 'plugin fault' });
    expect(lines[0]).toContain(said);
    expect(faults).toHaveLength(1);
  });

  it('that is stopped by its caller ends at once with the reason of the stop', async () => {
    const controller = new AbortController();
    const work = call(() => new Promise(() => undefined), { controller });
    controller.abort(new TryLater('The hub is stopping.'));
    expect((await thrown(work)).message).toBe('The hub is stopping.');
  });

  it('is not begun for nothing once it is stopped', async () => {
    const controller = new AbortController();
    controller.abort();
    expect((await thrown(call(() => new Promise(() => undefined), { controller }))).consequence).toBe('try-later');
  });

  it.each<[string, () => unknown]>([
    [
      'a plain error',
      () => {
        throw new Error('boom');
      },
    ],
    [
      'an error of another realm',
      () => {
        throw runInNewContext('new Error("boom")');
      },
    ],
    [
      'a text',
      () => {
        throw 'boom';
      },
    ],
    ['a rejection', () => Promise.reject(new RangeError('boom'))],
  ])('that throws %s is a fault of the plugin, named', async (_, fn) => {
    expect(await thrown(call(fn))).toMatchObject({ consequence: 'plugin-fault', code: 'INTERNAL', message: 'Acme: boom' });
  });

  it('passes errors of the SDK as they are, also those of another realm', async () => {
    const error = new NotFound('No such contact.');
    await expect(call(() => Promise.reject(error))).rejects.toBe(error);
    const foreign = runInNewContext(
      'Object.assign(new Error("later"), { [brand]: true, consequence: "try-later", code: "CONNECTION_FAILED" })',
      {
        brand: Symbol.for('patchbay.hub-error'),
      },
    );
    await expect(call(() => Promise.reject(foreign))).rejects.toBe(foreign);
  });

  it('returns what the plugin returns', async () => {
    expect(await call(() => 7)).toBe(7);
  });
});

describe('the log of a plugin', () => {
  it('shows no secret that was opened for it, wherever it turns up', () => {
    const lines: string[] = [];
    const logged = new LinkLog(createLog('debug', { write: (line: string) => void lines.push(line) }));
    logged.hide(['s3cret-token', 'ab']);
    logged.info(
      { url: 'https://x/?k=s3cret-token', deep: { list: ['a s3cret-token b'] }, err: new Error('bad s3cret-token') },
      'got s3cret-token',
    );
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    logged.warn(loop, 'about');
    expect(lines.join('')).not.toContain('s3cret-token');
    expect(lines[0]).toContain('bad [redacted]');
    expect(lines[1]).toContain('about');
  });
});
