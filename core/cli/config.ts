import { maskConfig } from '../config-mask.ts';
import { type Command, options } from './command.ts';

export const configCommand: Command = {
  name: 'config',
  summary: 'print the settings in force as JSON, secrets masked',
  usage: '',
  async run(args, io) {
    options(args, {});
    io.out(JSON.stringify(maskConfig(io.readConfig()), undefined, 2));
    return 0;
  },
};
