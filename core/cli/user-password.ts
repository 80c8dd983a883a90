import { Accounts } from '../access/accounts.ts';
import { Audit } from '../access/audit.ts';
import { MembershipStore } from '../access/membership-store.ts';
import { TotpStore } from '../access/totp-store.ts';
import { UserStore } from '../access/user-store.ts';
import { sqlOf } from '../database/transaction.ts';
import { type Command, options, required } from './command.ts';
import { withDatabase } from './with-database.ts';

/** The way back in for whom nobody else could help: the only operator without password, phone and recovery codes. */
export const userPasswordCommand: Command = {
  name: 'user password',
  summary: 'set a user’s password, read from standard input; logs them out everywhere',
  usage: `  --email <address>      required
  --second-factor-off    they log in without a code until they turn it on again`,
  async run(args, io) {
    const given = options(args, { email: { type: 'string' }, 'second-factor-off': { type: 'boolean', default: false } });
    const email = required(given.email, '--email');
    const config = io.readConfig();
    const password = await io.readSecret(`New password for ${email}: `);
    await withDatabase(config, async (dataSource) => {
      const accounts = new Accounts(new UserStore(dataSource), new MembershipStore(dataSource));
      const user = await accounts.setPassword(email, password);
      const audit = new Audit(sqlOf(dataSource));
      await audit.record({ actor: 'cli', action: 'password.reset', target: user.id });
      const factors = new TotpStore(dataSource);
      const off = given['second-factor-off'] && (await factors.transaction((sql) => factors.remove(user.id, sql)));
      if (off) await audit.record({ actor: 'cli', action: 'second-factor.off', target: user.id });
      io.out(`The password of ${user.email} is set${off ? ', and the second factor is off' : ''}.`);
    });
    return 0;
  },
};
