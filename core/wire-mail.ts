import type { DataSource } from 'typeorm';
import { LanguageStore } from './access/language-store.ts';
import type { Config } from './config.ts';
import type { Jobs } from './database/jobs.ts';
import type { Log } from './log.ts';
import { Letters } from './mail/letters.ts';
import { Mail, type MailOptions } from './mail/mail.ts';
import { MailStore } from './mail/mail-store.ts';
import { Post } from './mail/post.ts';
import type { Vault } from './vault/secret.ts';
import { packageFolder } from './web/package-folder.ts';
import { wordsIn } from './web/words/mail-words.ts';

interface MailParts {
  readonly config: Config;
  readonly dataSource: DataSource;
  readonly jobs: Jobs;
  readonly vault: Vault;
  readonly log: Log;
}

/** What tells people by mail. */
export function wireMail({ config, dataSource, ...parts }: MailParts) {
  const letters = new Letters({ folder: packageFolder('views/mails'), brand: config.brand, wordsIn });
  const mails = new MailStore(dataSource);
  const post = new Post({ config, log: parts.log });
  const languages = new LanguageStore(dataSource);
  const languageOf: MailOptions['languageOf'] = (email, sql) => languages.ofAddress(email, sql);
  return { mails, mail: new Mail({ ...parts, mails, letters, post, languageOf, publicUrl: config.publicUrl }) };
}
