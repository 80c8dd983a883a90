import type { SandboxCommand } from 'patchbay';
import { button, type Desk } from './desk.ts';
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

const throttle = (desk: Desk) =>
  button({
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
  return { slow: slow(desk), fail: fail(desk), throttle: throttle(desk) };
}
