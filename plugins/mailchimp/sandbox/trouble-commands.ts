import type { SandboxCommand } from 'patchbay';
import { command, resetCommand, troubleCommands as slowAndFail } from 'patchbay/simulator';
import { audienceField, type Desk, HOME } from './desk.ts';

const FORGERIES = ['changed', 'stale', 'unsigned', 'foreign'] as const;

const forgedWebhook = (desk: Desk) =>
  command({
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

/** What goes wrong at the provider, and on the way. */
export function troubleCommands(desk: Desk): Record<string, SandboxCommand> {
  return {
    forgedWebhook: forgedWebhook(desk),
    ...slowAndFail(desk.trouble),
    reset: resetCommand(() => desk.reset(), 'Everything as on the first day. Sign-ins made so far end.'),
  };
}
