import type { Config } from '../config.ts';
import { freshKey, type Ring, saveKeys, writtenKeys } from '../config-keys.ts';
import { type Command, type Io, options } from './command.ts';

export const keysAddCommand: Command = {
  name: 'keys add',
  summary: 'put a new key first in the ring; hubs seal with it once all of them have it',
  usage: '',
  async run(args, io) {
    options(args, {});
    const config = io.readConfig();
    const fresh = freshKey();
    const keys: Ring = [fresh, ...config.keys];
    if (config.keyFile !== undefined) saveKeys(config.keyFile, keys);
    say(io, { config, kid: fresh.kid, keys });
    return 0;
  },
};

function say(io: Io, { config, kid, keys }: { config: Config; kid: string; keys: Ring }): void {
  if (config.keyFile === undefined) {
    // The value alone on standard output, so that it can be piped to where settings are kept.
    io.err(`Nothing was changed. Set HUB_KEYS to this on every host, one after the other, and keep a copy:`);
    io.out(writtenKeys(keys));
  } else {
    io.out(`The key "${kid}" is the first in ${config.keyFile}; keep a copy of that file.`);
  }
  io.err('Restart every hub, then run hub keys rotate.');
}
