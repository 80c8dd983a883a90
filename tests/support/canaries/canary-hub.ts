import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { createLog, type Log } from '../../../core/log.ts';
import { CLIENT, type FakeOAuthProvider } from '../fake-oauth-provider.ts';
import { type Answer, type Hub, RING, startHub } from '../hub.ts';
import { Canaries } from './canaries.ts';
import { writeLeakyPlugins } from './leaky-plugin.ts';
import { tellingProvider } from './telling-provider.ts';

/** A whole hub whose every secret is known here, and all that it has said so far. */
export interface CanaryHub {
  readonly hub: Hub;
  readonly provider: FakeOAuthProvider;
  readonly canaries: Canaries;
  readonly log: Log;
  /** Its lines. */
  readonly logged: string[];
  /** Answers to whoever asked, `what was asked` first. */
  readonly told: string[];
  /** Mails as they went out. */
  readonly mailed: string[];
  /** What the app's webhooks are proven by. */
  readonly webhookSecret: string;
  /** A secret that nobody has yet, of letters alone: nothing about it looks secret. */
  fresh(name: string): string;
  /** Calls the API as the operator and keeps what was answered. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The same for an answer that is meant to hold what it holds. @throws Error when it was refused */
  meant(method: string, path: string, body?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

export async function canaryHub(): Promise<CanaryHub> {
  const canaries = new Canaries();
  const fresh = (name: string) => canaries.add(name, letters());
  const folder = mkdtempSync(join(tmpdir(), 'canary-plugins-'));
  writeLeakyPlugins(folder);
  const provider = await tellingProvider();
  const mailed: string[] = [];
  const smtp = await quotingSmtp(mailed);
  const hooks = await quotingReceiver();
  const [smtpPassword, webhookSecret] = [fresh('SMTP password'), fresh('app webhook secret')];
  canaries.add('key of the ring', RING.slice('test:'.length));
  canaries.add('client secret', CLIENT.clientSecret);
  const logged: string[] = [];
  const log = createLog('trace', { write: (line) => void logged.push(line) });
  const hub = await startHub(
    {
      ...appsOf(webhookSecret),
      PLUGIN_DIRS: folder,
      EGRESS_MAP: JSON.stringify({ ...routesTo(provider), 'hooks.example.com': hooks.url }),
      SMTP_URL: `smtp://hub:${smtpPassword}@127.0.0.1:${smtp.port}`,
      MAIL_FROM: 'hub@example.com',
      SESSION_SECRET: fresh('session secret') + letters(),
      METRICS_TOKEN: fresh('metrics token'),
      CONNECT_RETURN_URLS: 'https://app.example.com/back',
    },
    log,
  );
  const told: string[] = [];
  return {
    ...{ hub, provider, canaries, log, logged, told, mailed, webhookSecret, fresh },
    api: async (method, path, body, headers) => {
      const answer = await hub.api(method, path, body, headers);
      told.push(
        `${method} ${path.split('?')[0]}: ${answer.status} ${JSON.stringify([...answer.headers])} ${JSON.stringify(answer.body)}`,
      );
      return answer;
    },
    meant: async (method, path, body) => {
      const answer = await hub.api(method, path, body);
      if (answer.status < 300) return answer;
      const plugins = await hub.rows('select plugin_id, state, error from integration_templates');
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)} ${JSON.stringify(plugins)}`);
    },
    close: async () => {
      await hub.close();
      await Promise.all([provider.close(), smtp.close(), hooks.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** As the plugins `leaky` and `spilling` find their provider. */
export function routesTo(provider: FakeOAuthProvider): Record<string, string> {
  return Object.fromEntries(
    [...provider.map].flatMap(([host, base]) => [
      [host, base],
      [host.replace('acme', 'rival'), base],
    ]),
  );
}

export function appsOf(webhookSecret: string): Record<string, string> {
  const app = ['LEAKY', 'SPILLING'].map((id) => ({
    [`${id}_CLIENT_ID`]: CLIENT.clientId,
    [`${id}_CLIENT_SECRET`]: CLIENT.clientSecret,
    [`${id}_WEBHOOK_SECRET`]: webhookSecret,
  }));
  return Object.assign({}, ...app);
}

export function letters(): string {
  return [...randomBytes(26)].map((byte) => String.fromCharCode(97 + (byte % 26))).join('');
}

/** Refuses the first login and quotes it; takes what comes later. */
async function quotingSmtp(mailed: string[]) {
  let logins = 0;
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) => {
      logins += 1;
      if (logins > 1) return done(null, { user: username });
      const encoded = Buffer.from(`\0${username}\0${password}`).toString('base64');
      done(Object.assign(new Error(`4.7.8 not taken: ${username} ${password} ${encoded}`), { responseCode: 454 }));
    },
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mailed.push(Buffer.concat(chunks).toString());
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()));
  const { port } = server.server.address() as AddressInfo;
  return { port, close: () => new Promise<void>((closed) => server.close(() => closed())) };
}

/** A store's own system that repeats what it was sent and refuses it. */
async function quotingReceiver() {
  const server = createServer((req, res) => {
    req.resume().on('end', () => res.writeHead(500).end(JSON.stringify(req.headers)));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((closed) => server.close(() => closed()));
  };
  return { url: `http://127.0.0.1:${port}`, close };
}
