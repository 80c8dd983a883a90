import { describe, expect, it, jest } from '@jest/globals';
import type { SandboxResponse } from '../index.ts';
import { requestOf } from '../testing/simulator-stand.ts';
import {
  bearerOf,
  command,
  cutJson,
  Documents,
  findOperation,
  hangUp,
  jsonBody,
  NO_INPUT,
  orRefusal,
  Random,
  Refusal,
  savedState,
  Trouble,
  troubleCommands,
  without,
} from './index.ts';

const GOOD: SandboxResponse = { status: 200, body: { customers: [1, 2, 3] } };
const call = requestOf('GET', 'https://api.acme.example/v1/customers?cursor=7&limit=2');
const failures = { '500': () => ({ status: 500 }), 'cut JSON': cutJson, 'first page': without('cursor'), 'hang up': hangUp };

describe('trouble', () => {
  it('lasts for as many calls as asked, and is told in words', async () => {
    const trouble = new Trouble(failures);
    const { fail } = troubleCommands(trouble);
    expect(await fail.run({ how: '500', calls: 2 })).toEqual({ message: 'Failing: 500 (calls to go: 2).' });
    const statuses = [];
    for (const _ of [1, 2, 3]) statuses.push((await trouble.answer(call, () => GOOD)).status);
    expect(statuses).toEqual([500, 500, 200]);
    expect(trouble.words).toBe('none');
  });

  it('can spoil the good answer or the question', async () => {
    const trouble = new Trouble(failures);
    trouble.fail('cut JSON');
    expect((await trouble.answer(call, () => GOOD)).body).toBe('{"customers');
    trouble.fail('first page');
    const asked = await trouble.answer(call, ({ query }) => ({ status: 200, body: query.toString() }));
    expect(asked.body).toBe('limit=2');
    trouble.fail('hang up');
    expect(await trouble.answer(call, () => GOOD)).toMatchObject({ hangUp: true });
  });

  it('slows calls down no longer than their caller waits', async () => {
    const trouble = new Trouble(failures);
    await troubleCommands(trouble).slow.run({ milliseconds: 60_000 });
    const gone = new AbortController();
    const answer = trouble.answer({ ...call, signal: gone.signal }, () => GOOD);
    gone.abort();
    expect(await answer).toBe(GOOD);
  });
});

describe('a refusal', () => {
  const refusal = new Refusal('There is nobody by that name.', { status: 404, body: { error: 'unknown' } });
  const refuse = () => {
    throw refusal;
  };

  it('is the answer to a call, and the words of a button; other faults stay faults', async () => {
    expect(await orRefusal(refuse)).toBe(refusal.response);
    const button = command({ title: 'Refuse', input: NO_INPUT, run: async () => refuse() });
    await expect(button.run({})).rejects.toMatchObject({ consequence: 'rejected', message: refusal.message });
    await expect(orRefusal(() => Promise.reject(new Error('a slip')))).rejects.toThrow('a slip');
  });
});

describe('a request', () => {
  const operations = [
    { method: 'GET', path: '/v1/{kind}/{id}' },
    { method: 'GET', path: '/v1/customers/search' },
    { method: 'POST', path: '/v1/properties/{property}:runReport' },
    { method: 'GET', path: '/v1/me', host: 'login.acme.example' },
  ];

  it.each([
    ['GET', '/v1/customers/search', 1, []],
    ['GET', '/v1/customers/a%20b', 0, ['customers', 'a b']],
    ['POST', '/v1/properties/31:runReport', 2, ['31']],
    ['GET', '/v1/properties/31:runReport', undefined, []],
    ['GET', '/v1/me', undefined, []],
    ['GET', '/v1/customers/1/2', undefined, []],
  ])('%s %s finds its operation', (method, path, index, params) => {
    const operation = findOperation(operations, requestOf(method, `https://api.acme.example${path}`));
    expect(operation).toEqual(index === undefined ? undefined : { found: operations[index], params });
  });

  it('is read without trusting it', () => {
    expect(['{', '[1]', 'null', '"a"'].map((body) => jsonBody({ body }))).toEqual(Array(4).fill(undefined));
    expect([jsonBody({ body: '' }), jsonBody({ body: '{"a":1}' })]).toEqual([{}, { a: 1 }]);
    expect(bearerOf({ headers: { authorization: 'bearer abc' } })).toBe('abc');
    expect(bearerOf({ headers: { authorization: 'Basic abc' } })).toBeUndefined();
  });
});

describe('documents', () => {
  const base = {
    customers: [
      { id: 'a', name: 'Ada' },
      { id: 'b', name: 'Ben' },
    ],
    notes: [],
  };

  it('are after a restart what they were before, and what was only added and removed leaves no trace', () => {
    const changed = jest.fn();
    const before = new Documents({ base, changed });
    before.put('customers', { id: 'c', name: 'Clara' });
    before.put('customers', { id: 'd', name: 'David' });
    before.put('customers', { id: 'a', name: 'Adam' });
    before.remove('customers', 'b');
    before.remove('customers', 'd');
    expect(changed).toHaveBeenCalledTimes(5);
    const changes = JSON.parse(JSON.stringify(before.changes));
    expect(changes).toEqual({ customers: { a: { id: 'a', name: 'Adam' }, b: null, c: { id: 'c', name: 'Clara' } } });
    const after = new Documents({ base, changes, changed });
    expect(after.all('customers').map(({ name }) => name)).toEqual(['Adam', 'Clara']);
    expect(after.get('customers', 'b')).toBeUndefined();
  });

  it('go by the key they are given', () => {
    const docs = new Documents({
      base: { notes: [{ key: 7, text: 'x' }] },
      keyOf: ({ key }) => `n${key}`,
      changed: () => undefined,
    });
    expect(docs.get('notes', 'n7')).toEqual({ key: 7, text: 'x' });
  });
});

describe('a simulator', () => {
  it('makes the same of the same seed, and something else of another', () => {
    const made = (seed: number | string) => {
      const random = new Random(seed);
      return [
        random.next(),
        random.below(100),
        random.pick(['a', 'b', 'c']),
        random.letters(8),
        random.hex(4),
        random.chance(0.5),
      ];
    };
    expect(made('one')).toEqual(made('one'));
    expect(made('one')).not.toEqual(made('other'));
    expect(made(1)).not.toEqual(made(2));
  });

  it('starts afresh rather than from what another version saved', () => {
    const of = (state: unknown) => savedState<{ version: 2; count: number }>({ load: () => state }, 2);
    expect([undefined, null, 'text', { version: 1 }].map(of)).toEqual(Array(4).fill(undefined));
    expect(of({ version: 2, count: 3 })).toEqual({ version: 2, count: 3 });
  });
});
