import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../../core/log.ts';
import { RATE_LIMITS } from '../../../core/web/http/rate-limit.ts';
import { CLIENT, FakeOAuthProvider } from '../fake-oauth-provider.ts';
import { ADMIN, type Answer, call, type Hub, startHub } from '../hub.ts';
import { addStoreOwner, type Browser, keyOf, signIn } from '../people.ts';
import { type WebRoom, webRoom } from '../web.ts';
import { TARGET_SECRET, writeTargets } from './target-plugin.ts';

/** One attack: what is tried, and what has to come of it. */
export type Attack = readonly [attempt: string, fails: (ground: Ground) => Promise<void>];

/** A whole hub with two stores that have nothing to do with each other, and a provider that says what an attack needs. */
export interface Ground {
  readonly hub: Hub;
  readonly provider: FakeOAuthProvider;
  /** Of the store `default`, which it owns, and an integration of `target` there. */
  readonly victim: Party;
  /** Of the store `south`. */
  readonly stranger: Party;
  /** The hub as it stands behind one trusted proxy and https, without plugins. */
  readonly front: WebRoom;
  /** A socket inside the network; how often it was told something. */
  readonly canary: { readonly port: number; readonly hits: () => number };
  /** What LeadConnector's webhooks are signed with. */
  readonly signer: KeyObject;
  /** Lines of the log as they were written. */
  readonly logged: () => readonly string[];
  close(): Promise<void>;
}

export interface Party {
  readonly person: { readonly email: string; readonly password: string };
  readonly browser: Browser;
  readonly store: string;
  /** Calls the API as this party. */
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Its integration of `target`. */
  readonly integration: string;
}

/** Shorter than a hub's, so that nobody waits for those who are slow by intent. */
const LIMITS = { requestMs: 6000, headersMs: 5000, everyMs: 250 };

/** All come from one address here, and how fast depends on the machine. Guesses are counted by `front`, as everywhere. */
const RATES = { ...RATE_LIMITS, login: 1000 };

export async function openGround(): Promise<Ground> {
  const provider = await new FakeOAuthProvider().start();
  const folder = mkdtempSync(join(tmpdir(), 'attack-plugins-'));
  writeTargets(folder);
  cpSync(join(import.meta.dirname, '../../../plugins/leadconnector'), join(folder, 'leadconnector'), { recursive: true });
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => void lines.push(line) });
  const { publicKey, privateKey: signer } = generateKeyPairSync('ed25519');
  const canary = await listenInside();
  const hub = await startHub(settings(folder, provider, publicKey), log, { limits: LIMITS, rates: RATES });
  const front = await webRoom({ env: { PUBLIC_URL: 'https://hub.example.com', TRUST_PROXY: '1' } });
  await front.person('owner@example.com', { north: 'owner' });
  await hub.rows(`insert into stores (id, slug, name) values (gen_random_uuid(), 'south', 'South')`);
  const victim = await partyOf(hub, { email: 'victim@example.com', slug: 'default', account: 'acc-1' });
  const stranger = await partyOf(hub, { email: 'stranger@example.com', slug: 'south', account: 'acc-2' });
  const close = async () => {
    await hub.close();
    await Promise.all([front.close(), provider.close(), canary.close()]);
    rmSync(folder, { recursive: true, force: true });
  };
  return { hub, provider, victim, stranger, front, canary, signer, logged: () => lines, close };
}

function settings(folder: string, provider: FakeOAuthProvider, key: KeyObject): Record<string, string> {
  const map = [...provider.map].flatMap(([host, base]) => [
    [host, base],
    [host.replace('acme', 'rival'), base],
  ]);
  const app = ['TARGET', 'RIVAL'].flatMap((id) => [
    [`${id}_CLIENT_ID`, CLIENT.clientId],
    [`${id}_CLIENT_SECRET`, CLIENT.clientSecret],
  ]);
  return {
    PLUGIN_DIRS: folder,
    EGRESS_MAP: JSON.stringify(Object.fromEntries(map)),
    ...Object.fromEntries(app),
    TARGET_WEBHOOK_SECRET: TARGET_SECRET,
    LEADCONNECTOR_WEBHOOK_PUBLIC_KEY: key.export({ format: 'pem', type: 'spki' }).toString(),
    CONNECT_RETURN_URLS: 'https://app.example.com/back',
    METRICS_TOKEN: 'let me see',
    LOG_LEVEL: 'info',
  };
}

async function partyOf(hub: Hub, { email, slug, account }: { email: string; slug: string; account: string }): Promise<Party> {
  const person = await addStoreOwner(hub, email);
  await hub.rows(
    `update memberships set store_id = (select id from stores where slug = $1) where user_id = (select id from users where email = $2)`,
    [slug, email],
  );
  const key = await keyOf(hub, person);
  const api: Party['api'] = (method, path, body, headers = {}) =>
    call(method, `${hub.url}${path}`, { body, headers: { authorization: `Bearer ${key}`, ...headers } });
  const connected = await api('POST', `/api/stores/${slug}/integrations/target/connect`, {
    method: 'manual',
    fields: { key: `key-${account}-0123456789` },
  });
  if (connected.status !== 201)
    throw new Error(
      `${email} is not connected: ${JSON.stringify(connected.body)} ${JSON.stringify(await hub.rows('select plugin_id, state, error from integration_templates'))}`,
    );
  return { person, browser: await signIn(hub, person), store: slug, api, integration: connected.body.id };
}

async function listenInside() {
  let hits = 0;
  const server = createServer((socket) => {
    // A connection that is ended before a byte was sent has told nobody anything.
    socket
      .on('error', () => undefined)
      .once('data', () => {
        hits += 1;
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
      });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { port, hits: () => hits, close: () => new Promise((done) => server.close(done)) };
}

export { ADMIN };
