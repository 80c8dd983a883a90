import { Accounts } from '../access/accounts.ts';
import { Audit } from '../access/audit.ts';
import { MembershipStore } from '../access/membership-store.ts';
import { ROLES, type Role } from '../access/principal.ts';
import { UserStore } from '../access/user-store.ts';
import { sqlOf } from '../database/transaction.ts';
import { NotFound } from '../sdk/errors.ts';
import { type Command, options, required, UsageError } from './command.ts';
import { withDatabase } from './with-database.ts';

export const userCreateCommand: Command = {
  name: 'user create',
  summary: 'make a user; the password is read from standard input',
  usage: `  --email <address>   required
  --operator          administrator of the hub, owner of every store
  --store <slug>      member of that store
  --role <role>       owner or staff of it (default staff)`,
  async run(args, io) {
    const given = options(args, {
      email: { type: 'string' },
      operator: { type: 'boolean', default: false },
      store: { type: 'string' },
      role: { type: 'string' },
    });
    const email = required(given.email, '--email');
    const role = roleOf(given.role);
    if (given.role !== undefined && given.store === undefined) throw new UsageError('--role needs --store.');
    const config = io.readConfig();
    const password = await io.readSecret(`Password for ${email}: `);
    await withDatabase(config, async (dataSource) => {
      const memberships = new MembershipStore(dataSource);
      const store = given.store === undefined ? undefined : await memberships.bySlug(given.store);
      if (given.store !== undefined && !store) throw new NotFound(`There is no store "${given.store}"; check its slug.`);
      const accounts = new Accounts(new UserStore(dataSource), memberships);
      const user = await accounts.createUser({ email, password, operator: given.operator });
      if (store) await memberships.join({ storeId: store.id, userId: user.id, role });
      await new Audit(sqlOf(dataSource)).record({ storeId: store?.id, actor: 'cli', action: 'user.create', target: user.id });
      io.out(`Made ${user.operator ? 'the operator' : 'the user'} ${user.email}${store ? `, ${role} of ${store.name}` : ''}.`);
    });
    return 0;
  },
};

function roleOf(value = 'staff'): Role {
  const role = ROLES.find((known) => known === value);
  if (!role) throw new UsageError(`--role is "${value}"; it may be ${ROLES.join(' or ')}.`);
  return role;
}
