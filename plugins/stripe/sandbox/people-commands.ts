import type { SandboxCommand } from 'patchbay';
import { command } from 'patchbay/simulator';
import { accountField, at, type Desk, idField, pick } from './desk.ts';

const addCustomer = (desk: Desk) =>
  command({
    title: 'Add a customer',
    input: {
      type: 'object',
      properties: {
        account: accountField,
        name: { type: 'string', title: 'Name', default: 'Sandra Box' },
        email: { type: 'string', title: 'Email', description: 'Empty: a new one is made up.', format: 'email' },
      },
    },
    async run({ account, name = 'Sandra Box', email }) {
      const { shop } = at(desk, account);
      const made = `${name.replaceAll(' ', '.')}.${shop.newId('x').slice(2, 8)}@mail.example`.toLowerCase();
      const customer = shop.createCustomer({ name, email: email || made });
      await desk.hooks.settled();
      return { message: `Added ${name}.`, customerId: customer.id, email: customer['email'] };
    },
  });

const changeCustomer = (desk: Desk) =>
  command({
    title: 'Change a customer',
    input: {
      type: 'object',
      properties: {
        account: accountField,
        customerId: idField('Customer ID'),
        name: { type: 'string', title: 'Name', default: 'Changed Name' },
      },
    },
    async run({ account, customerId, name = 'Changed Name' }) {
      const { shop } = at(desk, account);
      const after = shop.updateCustomer(pick(shop, 'customers', { id: customerId }), { name });
      await desk.hooks.settled();
      return { message: `It is ${String(after['name'])} now.`, customerId: after.id };
    },
  });

const deleteCustomer = (desk: Desk) =>
  command({
    title: 'Delete a customer',
    input: { type: 'object', properties: { account: accountField, customerId: idField('Customer ID') } },
    async run({ account, customerId }) {
      const { shop } = at(desk, account);
      const gone = pick(shop, 'customers', { id: customerId });
      shop.deleteCustomer(gone);
      await desk.hooks.settled();
      return { message: `Deleted ${String(gone['name'])}.`, customerId: gone.id };
    },
  });

export function peopleCommands(desk: Desk): Record<string, SandboxCommand> {
  return { addCustomer: addCustomer(desk), changeCustomer: changeCustomer(desk), deleteCustomer: deleteCustomer(desk) };
}
