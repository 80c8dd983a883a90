import type { SandboxCommand } from 'patchbay';
import { button, type Desk } from './desk.ts';
import { FAILURES } from './trouble.ts';

const nothing = { type: 'object', properties: {} } as const;

const throttle = (desk: Desk) =>
  button({
    title: 'Throttle, or no longer',
    description: '25 calls a second for each account, then 429.',
    input: nothing,
    async run() {
      desk.throttle.on = !desk.throttle.on;
      return { message: desk.throttle.on ? 'At most 25 calls a second.' : 'As many calls as you like.' };
    },
  });

const busyKey = (desk: Desk) =>
  button({
    title: 'Keep an idempotency key busy',
    description: 'The next call with it is answered 409, as while the first one is still being worked on.',
    input: { type: 'object', required: ['key'], properties: { key: { type: 'string', title: 'Idempotency key' } } },
    async run({ key }) {
      desk.idempotency.busy.add(key);
      return { message: 'The next call with this key is answered 409.' };
    },
  });

const slow = (desk: Desk) =>
  button({
    title: 'Slow down',
    input: {
      type: 'object',
      properties: {
        milliseconds: { type: 'integer', title: 'Milliseconds per call', default: 2000, minimum: 0, maximum: 120_000 },
      },
    },
    async run({ milliseconds = 2000 }) {
      desk.trouble.slowMs = milliseconds;
      return { message: milliseconds > 0 ? `Every call takes ${milliseconds} ms longer.` : 'As fast as before.' };
    },
  });

const fail = (desk: Desk) =>
  button({
    title: 'Make calls fail',
    input: {
      type: 'object',
      properties: {
        how: { type: 'string', title: 'How', enum: FAILURES, default: '500' },
        calls: {
          type: 'integer',
          title: 'How many calls',
          description: '0: until switched off.',
          default: 0,
          minimum: 0,
          maximum: 100_000,
        },
      },
    },
    async run({ how = '500', calls = 0 }) {
      desk.trouble.clear();
      desk.trouble.failure = how;
      desk.trouble.left = calls > 0 ? calls : undefined;
      return { message: `Failing: ${desk.trouble.words}.` };
    },
  });

const reset = (desk: Desk) =>
  button({
    title: 'Start over',
    description: 'All data as on the first day; webhook endpoints and new keys are gone.',
    input: nothing,
    async run() {
      desk.reset();
      return { message: 'Everything is as on the first day.' };
    },
  });

/** Makes life hard for a hub. */
export function troubleCommands(desk: Desk): Record<string, SandboxCommand> {
  return { throttle: throttle(desk), slow: slow(desk), fail: fail(desk), busyKey: busyKey(desk), reset: reset(desk) };
}
