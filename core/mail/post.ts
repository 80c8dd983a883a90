import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SendMailOptions } from 'nodemailer';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';

/** With the first mail: it is large, and a hub may never send one. */
const nodemailer = () => import('nodemailer');

/** How mails leave: by SMTP, as files in the data folder, or not at all. */
export type PostMode = 'smtp' | 'files' | 'off';

export interface PostOptions {
  readonly config: Pick<Config, 'mail' | 'production' | 'dataDir'>;
  readonly log: Pick<Log, 'info'>;
  /** For each step of the conversation with the server. Default 20 s. */
  readonly timeoutMs?: number;
}

/** The server, or the lack of one, did not take a mail. */
export class NotPosted extends Error {
  /** Trying again would not help. */
  readonly final: boolean;

  constructor(message: string, { final }: { final: boolean }) {
    super(message);
    this.final = final;
  }
}

export class Post {
  readonly #options: PostOptions;
  readonly mode: PostMode;

  constructor(options: PostOptions) {
    this.#options = options;
    const { mail, production } = options.config;
    this.mode = mail.smtpUrl ? 'smtp' : production ? 'off' : 'files';
  }

  /** @returns what the server said; throws NotPosted */
  async send(message: SendMailOptions): Promise<string> {
    const { mail } = this.#options.config;
    if (this.mode === 'off') throw new NotPosted('Mail is not set up: SMTP_URL is missing.', { final: true });
    const complete = { ...message, disableFileAccess: true, disableUrlAccess: true };
    if (!mail.smtpUrl) return this.#file({ from: mail.from ?? 'hub@localhost', ...complete });
    return this.#smtp(mail.smtpUrl, { from: mail.from, ...complete });
  }

  async #smtp(url: string, message: SendMailOptions): Promise<string> {
    const timeout = this.#options.timeoutMs ?? 20_000;
    const { createTransport } = await nodemailer();
    const transport = createTransport({
      url,
      requireTLS: insistsOnTls(url),
      connectionTimeout: timeout,
      greetingTimeout: timeout,
      socketTimeout: timeout,
      dnsTimeout: timeout,
    });
    try {
      return (await transport.sendMail(message)).response;
    } catch (error) {
      throw notPosted(error, loginOf(url));
    } finally {
      transport.close();
    }
  }

  async #file(message: SendMailOptions): Promise<string> {
    const { createTransport } = await nodemailer();
    const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
    const folder = join(this.#options.config.dataDir, 'outbox');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, `${new Date().toISOString().replaceAll(':', '-')}-${randomUUID().slice(0, 8)}.eml`);
    await writeFile(file, (await transport.sendMail(message)).message as Buffer, { mode: 0o600 });
    this.#options.log.info({ file }, 'mail written to a file, as SMTP_URL is not set');
    return `written to ${file}`;
  }
}

/** A password goes to another machine encrypted or not at all; `?requireTLS=false` in the address lets it. */
export function insistsOnTls(smtpUrl: string): boolean {
  const { password, hostname } = new URL(smtpUrl);
  return password !== '' && !/^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}

/** A wrong password or a greylisting passes; what the server refuses for good (5xx) does not. */
function notPosted(error: unknown, secrets: readonly string[]): NotPosted {
  const { code, responseCode = 0, response, message } = error as Record<string, never> & { responseCode?: number };
  const final = responseCode >= 500 && code !== 'EAUTH';
  const given = String(response ?? message ?? code ?? 'no reason was given');
  const said = secrets.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), given);
  // Without the cause: it holds the conversation, with the login in it.
  return new NotPosted(said.replace(/\p{Cc}+/gu, ' ').slice(0, 300), { final });
}

/** The password in the forms in which a server is shown it (RFC 4616, RFC 4954), and may repeat it. */
function loginOf(url: string): string[] {
  const { username, password } = new URL(url);
  if (!password) return [];
  const [user, plain] = [decodeURIComponent(username), decodeURIComponent(password)];
  const encoded = [`\0${user}\0${plain}`, plain].map((text) => Buffer.from(text).toString('base64'));
  return [...encoded, plain, password];
}
