import { migrate } from '../database/migrate.ts';
import { type Command, options } from './command.ts';
import { withRawDatabase } from './with-database.ts';

export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'bring the database schema up to date (start does it too)',
  usage: '',
  async run(args, io) {
    options(args, {});
    const applied = await withRawDatabase(io.readConfig(), migrate);
    for (const name of applied) io.out(`applied ${name}`);
    if (applied.length === 0) io.out('The schema is up to date.');
    return 0;
  },
};
