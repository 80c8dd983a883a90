import { createLog } from '../log.ts';
import { Letters } from '../mail/letters.ts';
import { Post } from '../mail/post.ts';
import { packageFolder } from '../web/package-folder.ts';
import { wordsIn } from '../web/words/mail-words.ts';
import { type Command, positional } from './command.ts';

export const mailTestCommand: Command = {
  name: 'mail test',
  summary: 'send a test mail at once and say what the server answers',
  usage: '  <address>   whom to',
  async run(args, io) {
    const { word: to } = positional(args, '<address>', {});
    const config = io.readConfig();
    const post = new Post({ config, log: createLog('silent') });
    const letters = new Letters({ folder: packageFolder('views/mails'), brand: config.brand, wordsIn });
    const { subject, text, html } = letters.write({ template: 'test', vars: { publicUrl: config.publicUrl } });
    const headers = { 'Auto-Submitted': 'auto-generated' };
    io.out(await post.send({ to: { name: '', address: to }, subject, text, html, headers }));
    return 0;
  },
};
