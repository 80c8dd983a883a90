import { ConfigError, type Env, parseUrl, text } from './config-values.ts';

export interface MailSettings {
  /** `smtp://user:password@host:port`, or `smtps://`. Undefined: mails become files in the data folder, in production nothing. */
  readonly smtpUrl: string | undefined;
  /** `hub@example.com`, or with a name before it: `Acme <hub@example.com>`. */
  readonly from: string | undefined;
}

/** @throws ConfigError naming the setting at fault */
export function readMail(env: Env): MailSettings {
  const [smtpUrl, from] = [text(env, 'SMTP_URL'), text(env, 'MAIL_FROM')];
  if (smtpUrl) parseUrl('SMTP_URL', smtpUrl, ['smtp:', 'smtps:']);
  if (smtpUrl && !from) throw new ConfigError('MAIL_FROM is missing; set it to the address that mails of this hub come from.');
  if (from && !/^(?:[^<>\r\n"]*<)?[^\s<>@",;]+@[^\s<>@",;]+>?$/.test(from)) {
    throw new ConfigError('MAIL_FROM is no mail address such as hub@example.com or Acme <hub@example.com>.');
  }
  return { smtpUrl, from };
}
