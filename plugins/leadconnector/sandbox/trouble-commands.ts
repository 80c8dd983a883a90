import type { SandboxCommand } from 'patchbay';
import { button, type Desk, home, locationField } from './desk.ts';
import { FAILURES } from './trouble.ts';

const nothing = { type: 'object', properties: {} } as const;
const atLocation = { type: 'object', properties: { location: locationField } } as const;

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
      desk.trouble.failure = how;
      desk.trouble.left = calls > 0 ? calls : undefined;
      return { message: `Failing: ${desk.trouble.words}.` };
    },
  });

const tamperedWebhook = (desk: Desk) =>
  button({
    title: 'Send a tampered webhook',
    description: 'Signed, then one byte changed. A good hub answers 401 and keeps nothing.',
    input: atLocation,
    async run({ location = home }) {
      const status = await desk.hooks.sendTampered(location);
      return { message: `The hub answered ${status}.`, status };
    },
  });

const reset = (desk: Desk) =>
  button({
    title: 'Start over',
    description: 'All data as on the first day; connections made so far stop working.',
    input: nothing,
    async run() {
      desk.reset();
      return { message: 'Everything is as on the first day.' };
    },
  });

/** Makes life hard for a hub. */
export function troubleCommands(desk: Desk): Record<string, SandboxCommand> {
  return { slow: slow(desk), fail: fail(desk), tamperedWebhook: tamperedWebhook(desk), reset: reset(desk) };
}
