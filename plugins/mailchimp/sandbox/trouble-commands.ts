import type { SandboxCommand } from 'patchbay';
import { audienceField, button, type Desk, HOME, nothing } from './desk.ts';
import { FAILURES } from './trouble.ts';

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
        failure: { type: 'string', title: 'How', enum: FAILURES, default: '500' },
        calls: {
          type: 'integer',
          title: 'For how many calls',
          description: 'Empty: until switched off.',
          minimum: 1,
          maximum: 10_000,
        },
      },
    },
    async run({ failure = '500', calls }) {
      desk.trouble.failure = failure;
      desk.trouble.left = calls;
      return { message: failure === 'none' ? 'Calls are answered again.' : `Failing: ${desk.trouble.words}.` };
    },
  });

const FORGERIES = ['changed', 'stale', 'unsigned', 'foreign'] as const;

const forgedWebhook = (desk: Desk) =>
  button({
    title: 'Send a forged webhook',
    description: 'A good hub refuses each of them and stores nothing.',
    input: {
      type: 'object',
      properties: {
        how: {
          type: 'string',
          title: 'What is wrong with it',
          enum: FORGERIES,
          'x-labels': {
            changed: 'A byte changed on the way',
            stale: 'Signed five minutes and a second ago',
            unsigned: 'No signature',
            foreign: 'Signed with another secret',
          },
          default: 'changed',
        },
        audience: audienceField,
      },
    },
    async run({ how = 'changed', audience = HOME }) {
      const statuses = await desk.hooks.forge(audience, how);
      return { message: statuses.length > 0 ? `The hub answered ${statuses.join(', ')}.` : 'There is no webhook yet.', statuses };
    },
  });

const reset = (desk: Desk) =>
  button({
    title: 'Start over',
    description: 'Everything as on the first day. Sign-ins made so far end.',
    input: nothing,
    async run() {
      desk.reset();
      return { message: 'Everything is as on the first day.' };
    },
  });

/** What goes wrong at the provider, and on the way. */
export function troubleCommands(desk: Desk): Record<string, SandboxCommand> {
  return { forgedWebhook: forgedWebhook(desk), slow: slow(desk), fail: fail(desk), reset: reset(desk) };
}
