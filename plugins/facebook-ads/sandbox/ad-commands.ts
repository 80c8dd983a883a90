import { Rejected, type SandboxCommand } from 'patchbay';
import { command, resetCommand } from 'patchbay/simulator';
import { accountField, type Desk, homeAccount, pick } from './desk.ts';
import { graphTime } from './time.ts';

const idField = (title: string) =>
  ({ type: 'string', title, description: 'Empty: the last one of the ad account.', maxLength: 40 }) as const;

const living = (account: string) => {
  const id = account.replace('act_', '');
  return (doc: Readonly<Record<string, unknown>>) =>
    doc['account_id'] === id && !['DELETED', 'ARCHIVED'].includes(String(doc['effective_status']));
};

const addCampaign = (desk: Desk) =>
  command({
    title: 'Add a campaign',
    input: {
      type: 'object',
      properties: { account: accountField, name: { type: 'string', title: 'Name', default: 'Sandbox campaign' } },
    },
    async run({ account = homeAccount, name = 'Sandbox campaign' }) {
      const model = pick(desk, 'campaigns', { id: undefined, where: living(account) });
      const id = `1203${String(desk.now()).slice(-10)}${desk.world.all('campaigns').length}`;
      const now = graphTime(desk.now());
      const times = { created_time: now, updated_time: now, start_time: now };
      const state = { status: 'PAUSED', configured_status: 'PAUSED', effective_status: 'PAUSED' };
      desk.world.put('campaigns', { ...model, id, name, ...state, ...times });
      return { message: `Added ${name}.`, campaignId: id };
    },
  });

const renameCampaign = (desk: Desk) =>
  command({
    title: 'Rename a campaign',
    input: {
      type: 'object',
      properties: {
        account: accountField,
        campaignId: idField('Campaign ID'),
        name: { type: 'string', title: 'Name', default: 'Renamed' },
      },
    },
    async run({ account = homeAccount, campaignId, name = 'Renamed' }) {
      const campaign = pick(desk, 'campaigns', { id: campaignId || undefined, where: living(account) });
      desk.world.put('campaigns', { ...campaign, name, updated_time: graphTime(desk.now()) });
      return { message: `It is called ${name} now.`, campaignId: campaign.id };
    },
  });

const deleteCampaign = (desk: Desk) =>
  command({
    title: 'Delete a campaign',
    description: 'With its ad sets and ads.',
    input: { type: 'object', properties: { account: accountField, campaignId: idField('Campaign ID') } },
    async run({ account = homeAccount, campaignId }) {
      const campaign = pick(desk, 'campaigns', { id: campaignId || undefined, where: living(account) });
      desk.world.setStatus(campaign.id, 'DELETED', desk.now());
      return { message: `Deleted ${String(campaign['name'])}.`, campaignId: campaign.id };
    },
  });

const restate = (desk: Desk) =>
  command({
    title: 'Attribute more purchases to past days',
    description: 'Figures of days gone by change for weeks, because people buy later.',
    input: {
      type: 'object',
      properties: { purchases: { type: 'integer', title: 'Purchases per row', default: 2, minimum: 0, maximum: 50 } },
    },
    async run({ purchases = 2 }) {
      desk.reports.restated = purchases;
      return { message: `Every row of a past day shows ${purchases} purchases more.` };
    },
  });

const failReports = (desk: Desk) =>
  command({
    title: 'Let reports fail',
    description: 'The next asynchronous reports end as "Job Failed".',
    input: {
      type: 'object',
      properties: { times: { type: 'integer', title: 'How many', default: 1, minimum: 0, maximum: 1000 } },
    },
    async run({ times = 1 }) {
      desk.reports.failNext = times;
      return { message: `Reports that will fail: ${times}.` };
    },
  });

const slowReports = (desk: Desk) =>
  command({
    title: 'Let reports take long',
    input: {
      type: 'object',
      properties: {
        polls: { type: 'integer', title: 'Ready after so many questions', default: 20, minimum: 1, maximum: 100_000 },
      },
    },
    async run({ polls = 20 }) {
      if (polls < 1) throw new Rejected('Give at least 1.');
      desk.reports.patience = polls;
      return { message: `A report is ready when it is asked for the ${polls}. time.` };
    },
  });

/** What a person does in the ads manager. */
export function adCommands(desk: Desk): Record<string, SandboxCommand> {
  return {
    addCampaign: addCampaign(desk),
    renameCampaign: renameCampaign(desk),
    deleteCampaign: deleteCampaign(desk),
    restate: restate(desk),
    slowReports: slowReports(desk),
    failReports: failReports(desk),
    reset: resetCommand(() => desk.reset()),
  };
}
