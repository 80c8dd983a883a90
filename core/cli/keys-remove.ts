import type { DataSource } from 'typeorm';
import { Audit } from '../access/audit.ts';
import type { Config } from '../config.ts';
import { type Ring, saveKeys } from '../config-keys.ts';
import { sqlOf } from '../database/transaction.ts';
import { NotFound, Rejected } from '../sdk/index.ts';
import { census, heldUnder } from '../vault/census.ts';
import { wireKeys } from '../wire-keys.ts';
import { type Command, positional } from './command.ts';
import { withDatabase } from './with-database.ts';

export const keysRemoveCommand: Command = {
  name: 'keys remove',
  summary: 'take a key out of the ring that nothing is sealed with any more',
  usage: '  <kid>   as hub keys status shows it',
  async run(args, io) {
    const { word: kid } = positional(args, 'the name of a key', {});
    const config = io.readConfig();
    const left = config.keys.filter((key) => key.kid !== kid);
    if (left.length === config.keys.length) throw new NotFound(`The ring has no key "${kid}"; hub keys status shows it.`);
    await withDatabase(config, async (dataSource) => {
      await requireUnused(config, dataSource, kid);
      await new Audit(sqlOf(dataSource)).record({ actor: 'cli', action: 'keys.remove', detail: { name: kid } });
    });
    if (config.keyFile !== undefined) saveKeys(config.keyFile, left as unknown as Ring);
    const done = config.keyFile ? `is out of ${config.keyFile}` : 'may leave HUB_KEYS on every host';
    io.out(`Nothing is sealed with "${kid}"; it ${done}. Restart every hub. Keep the key with older backups, which need it.`);
    return 0;
  },
};

async function requireUnused(config: Config, dataSource: DataSource, kid: string): Promise<void> {
  const { hosts, sealed } = wireKeys(dataSource, config);
  if (kid === config.keys[0].kid) throw refused(`"${kid}" is the key that seals; add another first: hub keys add`);
  const user = (await hosts.live()).find(({ sealsWith }) => sealsWith === kid);
  if (user) throw refused(`The hub ${user.name} seals with "${kid}"; restart it with the new ring, then run hub keys rotate.`);
  const held = heldUnder(await census(sealed), kid);
  if (held !== '') throw refused(`"${kid}" still opens ${held}; run hub keys rotate first.`);
}

function refused(message: string): Rejected {
  return new Rejected(message, { code: 'CONFLICT' });
}
