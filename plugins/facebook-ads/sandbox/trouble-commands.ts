import type { SandboxCommand } from 'patchbay';
import { command, troubleCommands as slowAndFail } from 'patchbay/simulator';
import type { Desk } from './desk.ts';

const throttle = (desk: Desk) =>
  command({
    title: 'Use up the limit',
    description: 'What the usage headers say of each ad account, and whether the limit is reached.',
    input: {
      type: 'object',
      properties: {
        percent: { type: 'integer', title: 'Used, in percent', default: 95, minimum: 0, maximum: 100 },
        regain: { type: 'integer', title: 'Minutes until calls are possible again', default: 0, minimum: 0, maximum: 120 },
        reached: { type: 'boolean', title: 'Refuse calls', default: false },
      },
    },
    async run({ percent = 95, regain = 0, reached = false }) {
      desk.usage = { percent, regain, reached };
      return { message: `${percent} % of the limit is used${reached ? '; calls are refused' : ''}.` };
    },
  });

/** Makes life hard for a hub. */
export function troubleCommands(desk: Desk): Record<string, SandboxCommand> {
  return { ...slowAndFail(desk.trouble), throttle: throttle(desk) };
}
