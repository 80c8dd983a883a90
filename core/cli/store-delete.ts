import { Audit } from '../access/audit.ts';
import { MembershipStore } from '../access/membership-store.ts';
import { sqlOf } from '../database/transaction.ts';
import { DeletionStore } from '../privacy/deletion-store.ts';
import { NotFound } from '../sdk/errors.ts';
import { type Command, options, required, UsageError } from './command.ts';
import { withDatabase } from './with-database.ts';

export const storeDeleteCommand: Command = {
  name: 'store delete',
  summary: 'close a store for good; a running hub ends its integrations and removes everything within minutes',
  usage: `  --store <slug>     required
  --confirm <slug>   required: the slug once more`,
  async run(args, io) {
    const given = options(args, { store: { type: 'string' }, confirm: { type: 'string' } });
    const slug = required(given.store, '--store');
    if (required(given.confirm, '--confirm') !== slug)
      throw new UsageError('--confirm must name the same store; nothing was deleted.');
    await withDatabase(io.readConfig(), async (dataSource) => {
      const store = await new MembershipStore(dataSource).bySlug(slug);
      if (!store) throw new NotFound(`There is no store "${slug}"; check its slug.`);
      const deletions = new DeletionStore(dataSource);
      const id = await deletions.transaction(async (sql) => {
        const made = await deletions.insert(sql, { storeId: store.id, userId: null, requestedBy: 'cli' });
        if (!made) throw new NotFound(`${store.name} is being deleted already.`);
        const detail = { name: store.name, slug, store: store.id };
        await new Audit(sqlOf(dataSource)).record({ actor: 'cli', action: 'store.delete-begin', target: made.id, detail }, sql);
        return made.id;
      });
      io.out(`${store.name} is closed. A running hub removes it and keeps the proof at /privacy/deletions/${id}, for operators.`);
    });
    return 0;
  },
};
