import { describe, expect, it } from '@jest/globals';
import { aboutNames } from './record-names.ts';

const handlers = { streams: { contacts: { title: 'Contacts' }, payments: { title: 'Payments' } } };
const kept = [
  { id: '5', stream: 'contacts', data: { name: 'Ada' } },
  { id: 'ch_5', stream: 'payments', data: { name: 'Yoga mat' } },
  { id: 'both', stream: 'contacts', data: { name: 'Ada' } },
  { id: 'both', stream: 'payments', data: { name: 'Yoga mat' } },
];
const web = {
  registry: { get: () => ({ plugin: { handlers } }) },
  records: { among: async (_: unknown, __: unknown, ids: readonly string[]) => kept.filter(({ id }) => ids.includes(id)) },
};
const integration = { id: 'i', storeId: 's', pluginId: 'acme', config: {} };

describe('what a live change is about', () => {
  it.each([
    ['contact:5', 'Ada'],
    ['contacts:both', 'Ada'],
    ['charge:ch_5', 'Yoga mat'],
    // Of a kind that is no stream: a number may be anybody's, and so may what two streams know.
    ['invoice:5', undefined],
    ['invoice:both', undefined],
    ['payment:5', undefined],
    ['contact:gone', undefined],
    ['contact', undefined],
    [null, undefined],
  ])('%s: %s', async (object, label) => {
    const abouts = await aboutNames(web as never, integration as never, { objects: [object], href: '/here' });
    expect(abouts.get(object ?? '')?.label).toBe(label);
  });
});
