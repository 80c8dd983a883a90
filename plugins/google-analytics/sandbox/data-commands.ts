import { addDays, dayIn, Rejected, type SandboxCommand } from 'patchbay';
import { command, NO_INPUT } from 'patchbay/simulator';
import { chosen, type Desk, propertyField } from './desk.ts';
import { withReceived } from './state.ts';
import { keyEvent, secret } from './world.ts';

const purchase = (desk: Desk) =>
  command({
    title: 'Somebody buys in the shop',
    description: 'The browser tag tells Google of a purchase; it is in today’s reports at once.',
    input: {
      type: 'object',
      properties: {
        property: propertyField,
        transactionId: { type: 'string', title: 'Order number', description: 'Empty: a new one.', maxLength: 100 },
        value: { type: 'number', title: 'Amount', default: 59, minimum: 0 },
      },
    },
    async run({ property, transactionId, value = 59 }) {
      const found = chosen(property);
      const id = transactionId || `WEB-${desk.now()}`;
      const { state } = desk.world;
      const event = {
        at: new Date(desk.now()).toISOString(),
        happened: desk.now(),
        measurementId: found.streams[0]?.measurementId ?? '',
        propertyId: found.id,
        clientId: '1234567890.1700000000',
        userId: undefined,
        name: 'purchase',
        params: { transaction_id: id, value, currency: found.currencyCode },
        beside: {},
        counted: true,
      };
      desk.world.change(withReceived(state, [event]));
      return { message: `Order ${id} over ${value} ${found.currencyCode} was measured.`, transactionId: id };
    },
  });

const restate = (desk: Desk) =>
  command({
    title: 'Work over the last days',
    description: 'Late visits are added to the last three days, and visits of unknown source get one: their old lines are gone.',
    input: { type: 'object', properties: { property: propertyField } },
    async run({ property }) {
      const today = dayIn(chosen(property).timeZone, desk.now());
      const days = [0, -1, -2].map((back) => addDays(today, back));
      const { restated } = desk.world.state;
      const more = days.map((day) => [day, (restated[day] ?? 0) + 1] as const);
      desk.world.change({ restated: { ...restated, ...Object.fromEntries(more) } });
      return { message: `The figures of ${days.join(', ')} have changed.`, days };
    },
  });

const addKeyEvent = (desk: Desk) =>
  command({
    title: 'Mark an event as a key event',
    input: {
      type: 'object',
      properties: {
        property: propertyField,
        eventName: { type: 'string', title: 'Event name', default: 'page_view', pattern: '^[A-Za-z]\\w{0,39}$' },
      },
    },
    async run({ property, eventName = 'page_view' }) {
      const found = chosen(property);
      const known = desk.world.keyEvents(found);
      if (known.some((event) => event.eventName === eventName)) throw new Rejected(`${eventName} is a key event already.`);
      const made = keyEvent(found.id, known.length, eventName);
      desk.world.change({ keyEvents: { ...desk.world.state.keyEvents, [found.id]: [...known, made] } });
      return { message: `${eventName} is a key event of ${found.displayName} now.` };
    },
  });

const replaceSecret = (desk: Desk) =>
  command({
    title: 'Replace the API secret',
    description: 'Events sent with the old one are answered as before, and dropped.',
    input: { type: 'object', properties: { property: propertyField } },
    async run({ property }) {
      const found = chosen(property);
      const [stream] = found.streams;
      if (!stream) throw new Rejected(`${found.displayName} has no data stream.`);
      const secretValue = `k3Replaced_${desk.now()}`;
      const made = secret(found.id, stream.id, { index: 9, secretValue, displayName: 'Replaced' });
      desk.world.change({ secrets: { ...desk.world.state.secrets, [stream.id]: [made] } });
      return { message: `The secret of ${stream.displayName} is ${secretValue} now.`, secretValue };
    },
  });

const forgetEvents = (desk: Desk) =>
  command({
    title: 'Forget the events received',
    input: NO_INPUT,
    async run() {
      desk.world.change({ received: [] });
      return { message: 'No events have been received.' };
    },
  });

/** What happens on the website, and at Google. */
export function dataCommands(desk: Desk): Record<string, SandboxCommand> {
  return {
    purchase: purchase(desk),
    restate: restate(desk),
    addKeyEvent: addKeyEvent(desk),
    replaceSecret: replaceSecret(desk),
    forgetEvents: forgetEvents(desk),
  };
}
