import type { SandboxCommand } from 'patchbay';
import { command, NO_INPUT, resetCommand, troubleCommands as slowAndFail } from 'patchbay/simulator';
import { chosen, type Desk, propertyField } from './desk.ts';
import { QUOTA_NAMES } from './quota.ts';

const blur = (desk: Desk) =>
  command({
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
  command({
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
  command({
    title: 'Give all quotas back',
    input: NO_INPUT,
    async run() {
      desk.quotas.clear();
      return { message: 'All quotas are whole.' };
    },
  });

/** Makes life hard for a hub. */
export function troubleCommands(desk: Desk): Record<string, SandboxCommand> {
  return {
    blur: blur(desk),
    drainQuota: drainQuota(desk),
    refillQuotas: refillQuotas(desk),
    ...slowAndFail(desk.trouble),
    reset: resetCommand(() => desk.reset()),
  };
}
