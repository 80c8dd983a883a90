import { randomBytes } from 'node:crypto';
import { Rejected, type SandboxCommand } from 'patchbay';
import { command, Random } from 'patchbay/simulator';
import { campaignDoc, type Doc, sentCampaign } from './base.ts';
import { accountOf, BLUE_FITNESS } from './demo.ts';
import { accountField, type Desk } from './desk.ts';

const draftCampaign = (desk: Desk) =>
  command({
    title: 'Draft a campaign',
    input: {
      type: 'object',
      properties: { account: accountField, subject: { type: 'string', title: 'Subject', default: 'Fresh news', maxLength: 150 } },
    },
    async run({ account: id, subject = 'Fresh news' }) {
      const account = accountOf(id) ?? BLUE_FITNESS;
      const given = { id: randomBytes(5).toString('hex'), subject, created: desk.now() };
      const doc = desk.world.put('campaigns', campaignDoc(account, account.audiences[0], given));
      return { message: `${subject} is a draft.`, campaignId: doc['id'] };
    },
  });

const sendCampaign = (desk: Desk) =>
  command({
    title: 'Send a campaign',
    description: 'The newest draft or scheduled one; its report is there at once.',
    input: { type: 'object', properties: { account: accountField } },
    async run({ account: id }) {
      const account = accountOf(id) ?? BLUE_FITNESS;
      const waiting = desk.world
        .all('campaigns')
        .filter((doc) => doc['account'] === account.id && ['save', 'schedule'].includes(String(doc['status'])))
        .toSorted((a, b) => (String(a['create_time']) < String(b['create_time']) ? 1 : -1));
      if (!waiting[0]) throw new Rejected('There is no draft to send. Draft one first.');
      const sent = await deliver(desk, waiting[0]);
      return { message: `${String((sent['settings'] as { title: string }).title)} was sent.`, campaignId: sent['id'] };
    },
  });

async function deliver(desk: Desk, draft: Doc): Promise<Doc> {
  const listId = String((draft['recipients'] as { list_id: string }).list_id);
  const recipients = desk.world.at('members', listId).filter((doc) => doc['status'] === 'subscribed').length;
  const at = Date.parse(desk.now());
  const sent = desk.world.put('campaigns', sentCampaign(draft, { at, recipients, random: new Random(recipients) }));
  const { subject_line: subject } = sent['settings'] as { subject_line: string };
  const data = { id: sent['id'], subject, status: 'sent', reason: '', list_id: listId };
  desk.hooks.send({ listId, type: 'campaign', source: 'admin', data });
  return sent;
}

/** Makes and sends campaigns. */
export function campaignCommands(desk: Desk): Record<string, SandboxCommand> {
  return { draftCampaign: draftCampaign(desk), sendCampaign: sendCampaign(desk) };
}
