import { describe, expect, it } from '@jest/globals';
import { acmeHandlers, acmePlugin } from '../../tests/support/fake-plugin.ts';
import { Life } from '../plugins/life.ts';
import { Rejected } from '../sdk/index.ts';
import { modelReader } from './model-reading.ts';

const integration = { account: { externalId: 'acc-1', label: 'Blue Fitness' }, name: 'Acme' };

function reader(of: (data: Readonly<Record<string, unknown>>, account: { label: string }) => unknown) {
  const faults: string[] = [];
  const streams = {
    contacts: { title: 'Contacts', model: { kind: 'contact' as const, of: of as never } },
    tags: { title: 'Tags' },
  };
  const life = new Life('acme', (_, where) => faults.push(where));
  const plugin = { ...acmePlugin({ ...acmeHandlers(), streams }), life };
  const read = (stream: string) => modelReader({ plugin, stream, integration });
  return { faults, contacts: read('contacts'), tags: read('tags') };
}

describe('a record in the shared shape of its stream', () => {
  it.each<[string, (data: Readonly<Record<string, unknown>>) => unknown, string]>([
    [
      'throws',
      () => {
        throw new TypeError('x is undefined');
      },
      'x is undefined',
    ],
    ['answers nothing', () => undefined, 'of() did not return an object'],
    ['answers a promise', () => Promise.reject(new Error('late')), 'it must answer at once'],
  ])('is null with the reason where the mapping %s; that is one fault of the plugin', (_, of, reason) => {
    const { contacts, faults } = reader(of);
    expect(contacts({})).toEqual({ model: null, modelProblem: expect.stringContaining(reason) });
    contacts({});
    expect(faults).toEqual(['the model of contacts']);
  });

  it('is null with the reason where the plugin says that this record is none, which is no fault', () => {
    const { contacts, faults } = reader(() => {
      throw new Rejected('This one has no person in it.');
    });
    expect(contacts({}).modelProblem).toBe('It does not read as a shared contact: This one has no person in it.');
    expect(faults).toEqual([]);
  });

  it('says its kind, and knows the account', () => {
    const { contacts } = reader(({ name }, { label }) => ({ name, source: label }));
    expect(contacts({ name: 'Ann' })).toEqual({ model: { kind: 'contact', name: 'Ann', source: 'Blue Fitness' } });
  });

  it('has the time zone of its address where the provider gives none, and none where the address does not tell', () => {
    const { contacts } = reader((data) => data);
    const zone = (data: object) => (contacts({ ...data }).model as { timezone?: string } | null)?.timezone;
    expect(zone({ address: { country: 'DE' } })).toBe('Europe/Berlin');
    expect(zone({ address: { country: 'DE' }, timezone: 'America/Chicago' })).toBe('America/Chicago');
    expect(zone({ address: { country: 'US' } })).toBeUndefined();
    expect(zone({ address: { country: 'US', postalCode: 78701 } })).toBeUndefined();
  });

  it('leaves the raw record as it is, whatever the mapping does to it', () => {
    const raw = { tags: ['vip'] };
    const { contacts } = reader((data) => ({ tags: (data['tags'] as string[]).reverse().concat('x') }));
    contacts(raw);
    expect(raw).toEqual({ tags: ['vip'] });
  });

  it('is null for a stream without one, and while the plugin is not there', () => {
    expect(reader(() => ({})).tags({})).toEqual({ model: null });
    expect(modelReader({ plugin: undefined, stream: 'contacts', integration })({})).toEqual({ model: null });
  });
});
