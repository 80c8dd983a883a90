import type { SandboxCommand } from 'patchbay';
import { button, chosen, type Desk, nothing, propertyField } from './desk.ts';
import { QUOTA_NAMES } from './quota.ts';
import { FAILURES } from './trouble.ts';

const blur = (desk: Desk) =>
  button({
    title: 'Leave out and estimate',
    description: 'What large or small properties see in their reports.',
    input: {
      type: 'object',
      properties: {
        thresholds: { type: 'boolean', title: 'Data thresholds: lines with few users are withheld', default: false },
        sampling: { type: 'boolean', title: 'Sampling: a quarter of the events is counted', default: false },
        otherRow: { type: 'boolean', title: 'Rare lines are added up as (other)', default: false },
      },
    },
    async run({ thresholds = false, sampling = false, otherRow = false }) {
      desk.world.change({ blur: { thresholds, sampling, otherRow } });
      return { message: 'Reports are made so from now on.' };
    },
  });

const drainQuota = (desk: Desk) =>
  button({
    title: 'Use up a quota',
    description: 'It comes back with the next hour, or the next day in California.',
    input: {
      type: 'object',
      properties: {
        property: propertyField,
        quota: { type: 'string', title: 'Quota', enum: QUOTA_NAMES, default: 'tokensPerHour' },
        left: { type: 'integer', title: 'Leave', default: 0, minimum: 0, maximum: 200_000 },
      },
    },
    async run({ property, quota = 'tokensPerHour', left = 0 }) {
      desk.quotas.drain(chosen(property).id, { name: quota, left }, desk.now());
      return { message: `${quota}: ${left} left.` };
    },
  });

const refillQuotas = (desk: Desk) =>
  button({
    title: 'Give all quotas back',
    input: nothing,
    async run() {
      desk.quotas.clear();
      return { message: 'All quotas are whole.' };
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
      desk.trouble.failure = how;
      desk.trouble.left = calls > 0 ? calls : undefined;
      return { message: `Failing: ${desk.trouble.words}.` };
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
  return {
    blur: blur(desk),
    drainQuota: drainQuota(desk),
    refillQuotas: refillQuotas(desk),
    slow: slow(desk),
    fail: fail(desk),
    reset: reset(desk),
  };
}
