import { Rejected, type SandboxCommand } from 'patchbay';
import { command, NO_INPUT } from 'patchbay/simulator';
import type { Doc } from './base.ts';
import { DEMO_VERIFY_TOKEN } from './demo.ts';
import { type Desk, homePage, pageField, pick } from './desk.ts';

const leadInput = {
  type: 'object',
  properties: {
    page: pageField,
    formId: { type: 'string', title: 'Form ID', description: 'Empty: the last form of the page.', maxLength: 40 },
    name: { type: 'string', title: 'Full name', default: 'Zoë Sandbox' },
    email: { type: 'string', title: 'Email', description: 'Empty: a new one is made up.' },
    organic: { type: 'boolean', title: 'Without an ad', default: false },
  },
} as const;

interface LeadInput {
  readonly page?: string;
  readonly formId?: string;
  readonly name?: string;
  readonly email?: string;
  readonly organic?: boolean;
}

function newLead(desk: Desk, { page = homePage, formId, name, email, organic = false }: LeadInput): Doc {
  const form = pick(desk, 'forms', { id: formId || undefined, where: (doc) => doc['page_id'] === page });
  return desk.world.addLead(form, { now: desk.now(), ...(name && { name }), ...(email && { email }), organic });
}

const addLead = (desk: Desk) =>
  command({
    title: 'Fill in a lead form',
    description: 'A person sends an instant form. Reported by webhook where the app is installed on the page.',
    input: leadInput,
    async run(input) {
      const lead = newLead(desk, input);
      const told = desk.hooks.lead(lead);
      return {
        message: told ? 'The lead is in, and was reported by webhook.' : 'The lead is in; nobody listens to this page.',
        leadId: lead.id,
        adId: lead['ad_id'] ?? null,
        campaignId: lead['campaign_id'] ?? null,
      };
    },
  });

const sendWebhook = (desk: Desk) =>
  command({
    title: 'Send a test lead',
    description: 'What the developer’s testing tool does: a new lead, reported by webhook whether or not the app is installed.',
    input: leadInput,
    async run(input) {
      const lead = newLead(desk, input);
      desk.hooks.send([lead]);
      return { message: 'Sent.', leadId: lead.id };
    },
  });

const sendBatch = (desk: Desk) =>
  command({
    title: 'Send several leads in one call',
    input: {
      type: 'object',
      properties: { page: pageField, count: { type: 'integer', title: 'How many', default: 3, minimum: 1, maximum: 1000 } },
    },
    async run({ page = homePage, count = 3 }) {
      const leads = Array.from({ length: count }, () => newLead(desk, { page }));
      desk.hooks.send(leads);
      return { message: `Sent ${count} leads in one call.`, leadIds: leads.map(({ id }) => id).join(',') };
    },
  });

const replayWebhook = (desk: Desk) =>
  command({
    title: 'Send the last webhook again',
    description: 'The same bytes once more. A good hub keeps one lead.',
    input: NO_INPUT,
    async run() {
      if (!desk.hooks.replay()) throw new Rejected('No webhook was sent yet.');
      return { message: 'Sent again.' };
    },
  });

const tamperedWebhook = (desk: Desk) =>
  command({
    title: 'Send a tampered webhook',
    description: 'Signed, then one byte changed. A good hub answers 401 and keeps nothing.',
    input: NO_INPUT,
    async run() {
      const lead = pick(desk, 'leads', { id: undefined, where: () => true });
      const status = await desk.hooks.sendTampered(lead);
      return { message: `The hub answered ${status}.`, status };
    },
  });

const askCallback = (desk: Desk) =>
  command({
    title: 'Verify the webhook’s address',
    description: 'What happens when the operator registers the address: a question that only the right word answers.',
    input: {
      type: 'object',
      properties: { verifyToken: { type: 'string', title: 'Verify token', default: DEMO_VERIFY_TOKEN } },
    },
    async run({ verifyToken = DEMO_VERIFY_TOKEN }) {
      const challenge = String(1_000_000_000 + (desk.now() % 1_000_000_000));
      const query = { 'hub.mode': 'subscribe', 'hub.challenge': challenge, 'hub.verify_token': verifyToken };
      const { status, body } = await desk.env.ask(`?${new URLSearchParams(query)}`);
      const verified = status === 200 && body === challenge;
      return { message: verified ? 'The address is verified.' : `Not verified: the hub answered ${status}.`, verified, status };
    },
  });

const deleteLead = (desk: Desk) =>
  command({
    title: 'Delete a lead',
    description: 'Nobody is told: the provider has no webhook for it.',
    input: {
      type: 'object',
      properties: { leadId: { type: 'string', title: 'Lead ID', description: 'Empty: the newest.', maxLength: 40 } },
    },
    async run({ leadId }) {
      const lead = pick(desk, 'leads', { id: leadId || undefined, where: () => true });
      desk.world.remove('leads', lead.id);
      return { message: 'Deleted.', leadId: lead.id };
    },
  });

/** What people who see the ads do. */
export function leadCommands(desk: Desk): Record<string, SandboxCommand> {
  return {
    addLead: addLead(desk),
    sendWebhook: sendWebhook(desk),
    sendBatch: sendBatch(desk),
    replayWebhook: replayWebhook(desk),
    tamperedWebhook: tamperedWebhook(desk),
    askCallback: askCallback(desk),
    deleteLead: deleteLead(desk),
  };
}
