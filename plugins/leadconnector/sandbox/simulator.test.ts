import { describe, expect, it } from '@jest/globals';
import type { SandboxResponse } from 'patchbay';
import { BLUE_FITNESS, RIVERSIDE_DENTAL } from './demo.ts';
import { Rates } from './gate.ts';
import type { Simulator } from './simulator.ts';
import { ask, good, simulator } from './test-stand.ts';

const found = <T>(response: SandboxResponse) => (response.body as { contacts: T[] }).contacts;
const location = `/locations/${BLUE_FITNESS.id}`;
const search = (sim: Simulator, json: object) =>
  ask(sim, 'POST', '/contacts/search', { json: { locationId: BLUE_FITNESS.id, pageLimit: 10, ...json } });

describe('the gate of the simulator', () => {
  it.each([
    [{}, 401, 'version header was not found.'],
    [{ version: '2020-01-01' }, 401, 'version header is invalid'],
    [{ version: '2021-07-28' }, 401, 'No Authorization header found for authentication!'],
    [{ ...good, authorization: 'Bearer pit-no' }, 401, 'Invalid Private Integration token'],
    [{ ...good, authorization: 'Bearer x' }, 401, 'Invalid token: access token is invalid'],
    [{ ...good, authorization: `Bearer ${RIVERSIDE_DENTAL.token}` }, 403, 'The token does not have access to this location.'],
  ])('answers %j with %i', async (headers, status, message) => {
    expect(await ask(simulator(), 'GET', location, { headers })).toMatchObject({ status, body: { statusCode: status, message } });
  });

  it('knows no other paths', async () => {
    for (const path of ['/contacts', '/calendars', '/nothing/here', '/oauth/token']) {
      expect(await ask(simulator(), 'GET', path)).toMatchObject({ status: 404, body: { error: 'Not Found' } });
    }
  });

  it('refuses what is not JSON, and properties nobody documented', async () => {
    const sim = simulator();
    expect((await ask(sim, 'POST', '/contacts/', { body: '{' })).status).toBe(400);
    const json = { locationId: BLUE_FITNESS.id, firstName: 'A', favouriteColour: 'blue' };
    expect(await ask(sim, 'POST', '/contacts/', { json })).toMatchObject({
      status: 422,
      body: { message: ['property favouriteColour should not exist'] },
    });
  });

  it('answers 429 beyond a hundred calls in ten seconds, and counts down in its headers', async () => {
    let now = Date.now();
    const sim = simulator({ now: () => new Date(now) });
    const answers: SandboxResponse[] = [];
    for (let call = 0; call < 101; call += 1) answers.push(await ask(sim, 'GET', location));
    expect(answers[0]?.headers).toMatchObject({ 'x-ratelimit-max': '100', 'x-ratelimit-remaining': '99' });
    expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual([429]);
    const other = { ...good, authorization: `Bearer ${RIVERSIDE_DENTAL.token}` };
    expect((await ask(sim, 'GET', `/locations/${RIVERSIDE_DENTAL.id}`, { headers: other })).status).toBe(200);
    now += 10_001;
    expect((await ask(sim, 'GET', location)).status).toBe(200);
  });
});

describe('the limits of the simulator', () => {
  it('end with the calls of a day, however slowly they come', () => {
    const rates = new Rates();
    const day = Date.parse('2026-03-14T00:00:00Z');
    for (let call = 0; call < 200_000; call += 1) rates.take(BLUE_FITNESS.id, day + call * 100);
    const over = rates.take(BLUE_FITNESS.id, day + 80_000_000);
    expect(over).toMatchObject({ over: true, headers: { 'x-ratelimit-daily-remaining': '0', 'x-ratelimit-remaining': '99' } });
    expect(rates.take(BLUE_FITNESS.id, day + 86_400_000).over).toBe(false);
  });
});

describe('searching in the simulator', () => {
  it.each([
    [{ pageLimit: 501 }],
    [{ pageLimit: '10' }],
    [{ page: 1, searchAfter: [1, 'a'] }],
    [{ sort: [{ field: 'shoeSize', direction: 'asc' }] }],
    [{ sort: [{ field: 'dateAdded', direction: 'up' }] }],
    [{ filters: [{ field: 'email', operator: 'like', value: 'a' }] }],
    [{ filters: [{ field: 'dateUpdated', operator: 'range', value: { from: 1 } }] }],
    [{ query: 'a'.repeat(76) }],
  ])('refuses %j', async (json) => {
    expect((await search(simulator(), json)).status).toBe(422);
  });

  it('pages ten thousand records at most', async () => {
    expect((await search(simulator(), { page: 1001 })).status).toBe(400);
  });

  it('filters in groups', async () => {
    const filters = [
      { field: 'tags', operator: 'contains', value: 'vip' },
      {
        group: 'OR',
        filters: [
          { field: 'source', operator: 'eq', value: 'import' },
          { field: 'dnd', operator: 'eq', value: true },
        ],
      },
    ];
    const answer = await search(simulator(), { pageLimit: 500, filters });
    const contacts = found<{ tags: string[]; source: string; dnd: boolean }>(answer);
    expect(contacts.length).toBeGreaterThan(20);
    expect(contacts.every(({ tags, source, dnd }) => tags.includes('vip') && (source === 'import' || dnd))).toBe(true);
  });

  it('goes on after a cursor, forwards and backwards', async () => {
    const sim = simulator();
    for (const direction of ['asc', 'desc']) {
      const sort = [{ field: 'dateUpdated', direction }];
      const first = found<{ id: string; searchAfter: unknown[] }>(await search(sim, { page: 1, sort }));
      const both = found<{ id: string }>(await search(sim, { pageLimit: 20, page: 1, sort }));
      const second = found<{ id: string }>(await search(sim, { searchAfter: first.at(-1)?.searchAfter, sort }));
      expect([...first, ...second].map(({ id }) => id)).toEqual(both.map(({ id }) => id));
    }
  });
});

describe('the simulator’s data', () => {
  it('is the same after every start', () => {
    const day = new Date('2026-03-14T12:00:00Z');
    const [one, two] = [simulator({ now: () => day }), simulator({ now: () => day })];
    for (const kind of ['contacts', 'events', 'opportunities'] as const) {
      expect(one.world.at(kind, BLUE_FITNESS.id)).toEqual(two.world.at(kind, BLUE_FITNESS.id));
    }
    const emails = one.world.at('contacts', BLUE_FITNESS.id).map((contact) => contact['email']);
    expect(new Set(emails).size).toBe(3412);
  });

  it('names the demo credentials and what there is', () => {
    const { credentials, facts } = simulator().panel();
    expect(credentials).toEqual({ token: BLUE_FITNESS.token, locationId: BLUE_FITNESS.id });
    expect(facts).toMatchObject({ 'Blue Fitness: contacts': 3412, 'Riverside Dental: contacts': 287 });
    expect(JSON.stringify(facts)).not.toMatch(/high\s*level|ghl/i);
  });

  it('starts over', async () => {
    const sim = simulator();
    await sim.commands['addContact']?.run({});
    expect(sim.panel().facts['Blue Fitness: contacts']).toBe(3413);
    await sim.commands['reset']?.run({});
    expect(sim.panel().facts['Blue Fitness: contacts']).toBe(3412);
  });
});
