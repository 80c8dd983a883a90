import type { SandboxCommand } from 'patchbay';
import { command } from 'patchbay/simulator';
import { KEYS } from './demo.ts';
import { accountField, at, type Desk } from './desk.ts';

const inAccount = { type: 'object', properties: { account: accountField } } as const;

const rollKey = (desk: Desk) =>
  command({
    title: 'Roll the API keys',
    description: 'Every key of the account expires; a new secret key takes their place.',
    input: inAccount,
    async run({ account }) {
      const { place, shop } = at(desk, account);
      const ended = [...KEYS, ...desk.keys.made].filter(({ slug }) => slug === place.slug).map(({ key }) => key);
      desk.keys.expired.push(...ended.filter((key) => !desk.keys.expired.includes(key)));
      const tail = `51${place.account.slice(6, 14)}Rolled${shop.newId('x').slice(2, 14)}`;
      const key = ['sk', place.live ? 'live' : 'test', tail].join('_');
      desk.keys.made.push({ key, slug: place.slug, rights: 'all' });
      desk.save();
      return { message: `The keys before have expired. The new secret key is ${key}.`, secretKey: key };
    },
  });

const deauthorize = (desk: Desk) =>
  command({
    title: 'Deauthorize the application',
    description: 'Sends account.application.deauthorized.',
    input: inAccount,
    async run({ account }) {
      const { place, shop } = at(desk, account);
      shop.given.emit('account.application.deauthorized', { id: 'ca_Demo', object: 'application', name: 'Demo application' });
      await desk.hooks.settled();
      return { message: `${place.name} no longer allows the application.` };
    },
  });

const forgetEvents = (desk: Desk) =>
  command({
    title: 'Forget all events',
    description: 'As after thirty days.',
    input: inAccount,
    async run({ account }) {
      const { place, shop } = at(desk, account);
      const events = [...shop.all('events')];
      for (const event of events) desk.world.remove(place.slug, 'events', event.id);
      return { message: `Forgotten: ${events.length}.`, events: events.length };
    },
  });

export function accessCommands(desk: Desk): Record<string, SandboxCommand> {
  return { rollKey: rollKey(desk), deauthorize: deauthorize(desk), forgetEvents: forgetEvents(desk) };
}
