import type { SandboxCommand } from 'patchbay';
import { command } from 'patchbay/simulator';
import { accountField, at, type Desk, idField, pick } from './desk.ts';
import type { Doc } from './shapes.ts';

const running = (doc: Doc) => ['active', 'past_due', 'trialing'].includes(String(doc['status']));
const inAccount = { type: 'object', properties: { account: accountField, subscriptionId: idField('Subscription ID') } } as const;

const startSubscription = (desk: Desk) =>
  command({
    title: 'Start a subscription',
    description: 'Sends customer.subscription.created, charge.succeeded, invoice.payment_succeeded and what lies between.',
    input: { type: 'object', properties: { account: accountField, customerId: idField('Customer ID') } },
    async run({ account, customerId }) {
      const { shop, billing } = at(desk, account);
      const plan = pick(shop, 'prices', { fits: (doc) => doc['type'] === 'recurring' });
      const made = billing.start(pick(shop, 'customers', { id: customerId }), plan);
      await desk.hooks.settled();
      return { message: `Started ${made.id}.`, subscriptionId: made.id };
    },
  });

const renewSubscription = (desk: Desk) =>
  command({
    title: 'Bill a subscription',
    description: 'A new invoice: invoice.payment_succeeded, or invoice.payment_failed.',
    input: {
      type: 'object',
      properties: { ...inAccount.properties, declined: { type: 'boolean', title: 'The card is declined', default: false } },
    },
    async run({ account, subscriptionId, declined = false }) {
      const { shop, billing } = at(desk, account);
      const found = pick(shop, 'subscriptions', { id: subscriptionId, fits: running });
      const invoice = billing.renew(found, declined ? 'card_declined' : undefined);
      await desk.hooks.settled();
      return {
        message: `${String(invoice['number'])} is ${String(invoice['status'])}.`,
        invoiceId: invoice.id,
        subscriptionId: found.id,
      };
    },
  });

const changeSubscription = (desk: Desk) =>
  command({
    title: 'Let a subscription end with its period, or go on',
    description: 'Sends customer.subscription.updated.',
    input: inAccount,
    async run({ account, subscriptionId }) {
      const { shop, billing } = at(desk, account);
      const found = pick(shop, 'subscriptions', { id: subscriptionId, fits: running });
      const ends = found['cancel_at_period_end'] !== true;
      billing.update(found, { cancel_at_period_end: ends, canceled_at: ends ? desk.now : null });
      await desk.hooks.settled();
      return { message: ends ? `${found.id} ends with its period.` : `${found.id} goes on.`, subscriptionId: found.id };
    },
  });

const cancelSubscription = (desk: Desk) =>
  command({
    title: 'Cancel a subscription',
    description: 'Sends customer.subscription.deleted.',
    input: inAccount,
    async run({ account, subscriptionId }) {
      const { shop, billing } = at(desk, account);
      const found = pick(shop, 'subscriptions', { id: subscriptionId, fits: running });
      billing.cancel(found);
      await desk.hooks.settled();
      return { message: `Canceled ${found.id}.`, subscriptionId: found.id };
    },
  });

export function billingCommands(desk: Desk): Record<string, SandboxCommand> {
  return {
    startSubscription: startSubscription(desk),
    renewSubscription: renewSubscription(desk),
    changeSubscription: changeSubscription(desk),
    cancelSubscription: cancelSubscription(desk),
  };
}
