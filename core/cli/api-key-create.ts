import type { DataSource } from 'typeorm';
import { Accounts } from '../access/accounts.ts';
import { ApiKeyStore } from '../access/api-key-store.ts';
import { ApiKeys } from '../access/api-keys.ts';
import { Audit } from '../access/audit.ts';
import { MembershipStore } from '../access/membership-store.ts';
import { SCOPES, type Scope } from '../access/principal.ts';
import { Stores } from '../access/stores.ts';
import { UserStore } from '../access/user-store.ts';
import { sqlOf } from '../database/transaction.ts';
import { NotFound } from '../sdk/errors.ts';
import { type Command, options, required, UsageError } from './command.ts';
import { withDatabase } from './with-database.ts';

interface Wish {
  readonly email: string;
  readonly slug: string;
  readonly name: string;
  readonly scopes: readonly Scope[] | undefined;
}

export const apiKeyCreateCommand: Command = {
  name: 'api-key create',
  summary: 'make an API key for one store and print it, once',
  usage: `  --email <address>   required: the user it belongs to
  --store <slug>      the store it opens (default "default")
  --name <name>       what it is for (default "command line")
  --scope <scope>     read, sync, write or admin; may be repeated (default: all the user may have)`,
  async run(args, io) {
    const given = options(args, {
      email: { type: 'string' },
      store: { type: 'string', default: 'default' },
      name: { type: 'string', default: 'command line' },
      scope: { type: 'string', multiple: true },
    });
    const wish = {
      email: required(given.email, '--email'),
      slug: given.store,
      name: given.name,
      scopes: given.scope?.map(scopeOf),
    };
    io.out(await withDatabase(io.readConfig(), (dataSource) => createKey(dataSource, wish)));
    return 0;
  },
};

async function createKey(dataSource: DataSource, { email, slug, name, scopes }: Wish): Promise<string> {
  const memberships = new MembershipStore(dataSource);
  const user = await new Accounts(new UserStore(dataSource), memberships).findByEmail(email);
  if (!user) throw new NotFound(`There is no user ${email}; make one with: hub user create --email ${email}`);
  const stores = await new Stores(memberships).list({ userId: user.id, operator: user.operator });
  const store = stores.find((candidate) => candidate.slug === slug);
  if (!store)
    throw new NotFound(`${email} has no store "${slug}"; theirs: ${stores.map((one) => one.slug).join(', ') || 'none'}.`);
  const keys = new ApiKeys(new ApiKeyStore(dataSource));
  const made = await keys.create({ user, storeId: store.id, role: store.role, name, scopes });
  const entry = {
    storeId: store.id,
    actor: 'cli',
    action: 'api-key.create',
    target: made.id,
    detail: { name, scopes: made.scopes },
  };
  await new Audit(sqlOf(dataSource)).record(entry);
  return made.key;
}

function scopeOf(value: string): Scope {
  const scope = SCOPES.find((known) => known === value);
  if (!scope) throw new UsageError(`--scope is "${value}"; it may be ${SCOPES.join(', ')}.`);
  return scope;
}
