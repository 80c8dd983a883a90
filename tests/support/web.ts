import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { Accounts } from '../../core/access/accounts.ts';
import { ApiKeyStore } from '../../core/access/api-key-store.ts';
import { ApiKeys } from '../../core/access/api-keys.ts';
import { Audit } from '../../core/access/audit.ts';
import { LanguageStore } from '../../core/access/language-store.ts';
import { MembershipStore } from '../../core/access/membership-store.ts';
import type { Role, Scope } from '../../core/access/principal.ts';
import { SetupLink } from '../../core/access/setup-link.ts';
import { Stores } from '../../core/access/stores.ts';
import { UserStore } from '../../core/access/user-store.ts';
import { type Config, readConfig } from '../../core/config.ts';
import type { EntityClass } from '../../core/database/data-source.ts';
import { sqlOf } from '../../core/database/transaction.ts';
import { CensusStore } from '../../core/integrations/census-store.ts';
import { createLog } from '../../core/log.ts';
import { KeyRing } from '../../core/vault/key-ring.ts';
import { Vault } from '../../core/vault/secret.ts';
import { RATE_LIMITS, type RateLimits } from '../../core/web/http/rate-limit.ts';
import { createServer } from '../../core/web/server/server.ts';
import type { Services } from '../../core/web/services.ts';
import { wirePeople } from '../../core/wire-people.ts';
import { testDatabase } from './database.ts';

export const PASSWORD = 'a long enough password';

export interface WebRoom {
  readonly app: RequestListener;
  readonly services: Services;
  readonly config: Config;
  /** Lines of the log, as objects. */
  readonly logged: () => Record<string, unknown>[];
  person(email: string, memberships?: Readonly<Record<string, Role>>, operator?: boolean): Promise<string>;
  key(email: string, store: string, scopes?: Scope[]): Promise<string>;
  /** A browser that is signed in. */
  browser(email: string): Promise<request.Agent>;
  close(): Promise<void>;
}

export interface WebRoomOptions {
  readonly env?: Record<string, string>;
  readonly entities?: readonly EntityClass[];
  /** In place of (or beside) the real access room. */
  readonly services?: Partial<Services> | ((base: Pick<Services, 'dataSource' | 'config'>) => Partial<Services>);
  readonly limits?: Partial<RateLimits>;
}

/** The web room on the real access room and a database of its own; the other rooms are what the test hands in. */
export async function webRoom(options: WebRoomOptions = {}): Promise<WebRoom> {
  const { env = {}, entities = [], services: given = {}, limits = {} } = options;
  const db = await testDatabase({ entities });
  const dataDir = mkdtempSync(join(tmpdir(), 'hub-web-'));
  const key = randomBytes(32).toString('base64');
  const config = readConfig({ DATA_DIR: dataDir, HUB_KEYS: `test:${key}`, LOG_LEVEL: 'info', ...env });
  const lines: string[] = [];
  const log = createLog(config.logLevel, { write: (line) => void lines.push(line) });
  const memberships = new MembershipStore(db.dataSource);
  const accounts = new Accounts(new UserStore(db.dataSource), memberships);
  const stores = new Stores(memberships);
  const apiKeys = new ApiKeys(new ApiKeyStore(db.dataSource));
  const access = {
    accounts,
    stores,
    apiKeys,
    languages: new LanguageStore(db.dataSource),
    setupLink: new SetupLink(accounts),
    census: new CensusStore(db.dataSource),
    audit: new Audit(sqlOf(db.dataSource)),
  };
  const base = { config, log, dataSource: db.dataSource };
  const vault = new Vault(new KeyRing(config.keys));
  const extra = typeof given === 'function' ? given(base) : given;
  const mail = extra.mail ?? ({ mode: 'off', send: async () => '' } as unknown as Services['mail']);
  const people = wirePeople({ ...base, ...access, vault, mail });
  const services = { ...base, ...access, ...people, mail, ...extra } as Services;
  const { handler: app, close } = createServer(services, { ...RATE_LIMITS, ...limits });
  return {
    app,
    services,
    config,
    logged: () => lines.map((line) => JSON.parse(line)),
    person: (email, roles = {}, operator = false) => person(services, { email, roles, operator }),
    key: (email, store, scopes) => makeKey(services, { email, store, scopes }),
    browser: (email) => signIn(app, email),
    close: async () => {
      close();
      await db.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function person(
  { accounts, stores, dataSource }: Services,
  { email, roles, operator }: { email: string; roles: Readonly<Record<string, Role>>; operator: boolean },
): Promise<string> {
  const memberships = new MembershipStore(dataSource);
  const { id } = await accounts.createUser({ email, password: PASSWORD, operator });
  for (const [slug, role] of Object.entries(roles)) {
    const store = (await memberships.bySlug(slug)) ?? (await stores.create({ slug, name: slug }));
    await memberships.join({ storeId: store.id, userId: id, role });
  }
  return id;
}

async function makeKey(
  { accounts, stores, apiKeys }: Services,
  { email, store: slug, scopes }: { email: string; store: string; scopes: Scope[] | undefined },
): Promise<string> {
  const user = await accounts.findByEmail(email);
  const own = user ? await stores.list({ userId: user.id, operator: user.operator }) : [];
  const store = own.find((one) => one.slug === slug);
  if (!user || !store) throw new Error(`no ${email}, or none of theirs is ${slug}`);
  return (await apiKeys.create({ user, storeId: store.id, role: store.role, name: 'test', scopes })).key;
}

async function signIn(app: RequestListener, email: string): Promise<request.Agent> {
  const agent = request.agent(app);
  const page = await agent.get('/login');
  await agent
    .post('/login')
    .type('form')
    .send({ email, password: PASSWORD, _csrf: csrfOf(page.text) })
    .expect(303);
  return agent;
}

/** The token in a page's first form. */
export function csrfOf(html: string): string {
  return /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';
}
