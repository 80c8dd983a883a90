import type { SandboxCommand } from 'patchbay';
import { command, resetCommand, troubleCommands as slowAndFail } from 'patchbay/simulator';
import { atLocation, type Desk, home } from './desk.ts';

const tamperedWebhook = (desk: Desk) =>
  command({
    title: 'Send a tampered webhook',
    description: 'Signed, then one byte changed. A good hub answers 401 and keeps nothing.',
    input: atLocation,
    async run({ location = home }) {
      const status = await desk.hooks.sendTampered(location);
      return { message: `The hub answered ${status}.`, status };
    },
  });

/** Makes life hard for a hub. */
export function troubleCommands(desk: Desk): Record<string, SandboxCommand> {
  return {
    ...slowAndFail(desk.trouble),
    tamperedWebhook: tamperedWebhook(desk),
    reset: resetCommand(() => desk.reset()),
  };
}
