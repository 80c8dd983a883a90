import type { SandboxCommand } from 'patchbay';
import { command, NO_INPUT, resetCommand, troubleCommands as slowAndFail } from 'patchbay/simulator';
import type { Desk } from './desk.ts';

const throttle = (desk: Desk) =>
  command({
    title: 'Throttle, or no longer',
    description: '25 calls a second for each account, then 429.',
    input: NO_INPUT,
    async run() {
      desk.throttle.on = !desk.throttle.on;
      return { message: desk.throttle.on ? 'At most 25 calls a second.' : 'As many calls as you like.' };
    },
  });

const busyKey = (desk: Desk) =>
  command({
    title: 'Keep an idempotency key busy',
    description: 'The next call with it is answered 409, as while the first one is still being worked on.',
    input: { type: 'object', required: ['key'], properties: { key: { type: 'string', title: 'Idempotency key' } } },
    async run({ key }) {
      desk.idempotency.busy.add(key);
      return { message: 'The next call with this key is answered 409.' };
    },
  });

/** Makes life hard for a hub. */
export function troubleCommands(desk: Desk): Record<string, SandboxCommand> {
  return {
    throttle: throttle(desk),
    ...slowAndFail(desk.trouble),
    busyKey: busyKey(desk),
    reset: resetCommand(() => desk.reset(), 'All data as on the first day; webhook endpoints and new keys are gone.'),
  };
}
