import type {
  Account,
  Ctx,
  Field,
  Grant,
  Handlers,
  Link,
  Manifest,
  Plugin,
  PluginLog,
  Sandbox,
  SandboxInstance,
  WebhookKeys,
} from '../index.ts';
import { manualWay } from './authorizing.ts';
import { type Answer, simulatedHttp } from './simulated-http.ts';

/** How the plugin connects to its simulator: one of `credentials` and `oauth`. */
export interface RigOptions {
  /** The manual fields as a store owner would fill them in, secrets included; the simulator's fixed demo values. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** A token the simulator takes, and what it answered beside the tokens. */
  readonly oauth?: { readonly accessToken: string; readonly refreshToken?: string; readonly grant: Grant };
  /** Settings over the defaults of the `config` form. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface Delivery {
  /** After `/webhooks/<plugin>`. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly raw: Uint8Array;
}

export interface LinkChanges {
  readonly answer?: Answer;
  readonly vars?: Readonly<Record<string, string>>;
  readonly credentials?: Readonly<Record<string, string>>;
  readonly accessToken?: string;
}

/** A plugin beside its simulator, in this process and without a network. */
export interface Rig {
  readonly manifest: Manifest;
  readonly handlers: Handlers;
  readonly instance: SandboxInstance;
  readonly grant: Grant;
  readonly keys: WebhookKeys;
  /** Webhooks the simulator sent, in order; each was answered with 200. */
  readonly deliveries: readonly Delivery[];
  link(changes?: LinkChanges): Link;
  /** Identifies the account and gives what handlers get afterwards; `changes` are for those, not for identifying. */
  connect(changes?: LinkChanges): Promise<{ account: Account; ctx: Ctx<never> }>;
  close(): Promise<void>;
}

/** A fresh rig for each call; `steady` is one for all tests that do not change the simulator. */
export interface Open {
  (): Rig;
  readonly steady: () => Rig;
}

/** What each call takes on the simulator's clock. */
const PACE_MS = 200;

const QUIET: PluginLog = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** Starts a fresh simulator for the plugin. Close it at the end of the test. */
export function openRig(plugin: Plugin, sandbox: Sandbox, options: RigOptions): Rig {
  if (!plugin.handlers) throw new Error('A coming-soon plugin has nothing to test.');
  const { manifest, handlers } = plugin;
  const deliveries: Delivery[] = [];
  const instance = simulate(sandbox, deliveries);
  const config = { ...defaultsOf(manifest), ...options.config };
  const link = (changes: LinkChanges = {}) => openLink({ manifest, handlers, instance, sandbox, options, changes });
  const grant = options.oauth?.grant ?? plainFields(manifest, options.credentials ?? {});
  return {
    manifest,
    handlers,
    instance,
    grant,
    keys: {
      app: appOf(manifest, sandbox),
      integration: { ...secretsOf(manifest, config), ...options.credentials },
    },
    deliveries,
    link,
    async connect(changes = {}) {
      const account = await handlers.identify(link(), grant);
      return {
        account,
        ctx: { ...link({ ...changes, ...(account.vars && { vars: account.vars }) }), account, config } as Ctx<never>,
      };
    },
    close: async () => instance.close?.(),
  };
}

/**
 * Every way to connect that `options` or the simulator's own `demo` know, the manual one first; keys that neither names are
 * taken from the simulator's panel.
 */
export function waysOf(plugin: Plugin, sandbox: Sandbox, options: RigOptions = {}): [RigOptions, ...RigOptions[]] | undefined {
  const { credentials: _, oauth: __, ...rest } = options;
  const given = options.credentials || options.oauth ? options : sandbox.demo;
  const credentials = given?.credentials ?? (given?.oauth ? undefined : shownCredentials(plugin, sandbox));
  const ways = [...(credentials ? [{ ...rest, credentials }] : []), ...(given?.oauth ? [{ ...rest, oauth: given.oauth }] : [])];
  const [first, ...others] = ways;
  return first && [first, ...others];
}

function shownCredentials({ manifest }: Plugin, sandbox: Sandbox): Record<string, string> | undefined {
  const fields = manifest.comingSoon ? undefined : manualWay(manifest)?.fields.properties;
  if (!fields) return undefined;
  const shown = simulate(sandbox, []).panel().credentials;
  return Object.fromEntries(Object.entries(shown).filter(([name]) => Object.hasOwn(fields, name)));
}

/** The demo credential with its later half replaced: it keeps whatever beginning the form asks for. */
export function wrongCredential(manifest: Manifest, { credentials = {}, oauth }: RigOptions): LinkChanges {
  if (oauth) return { accessToken: spoilt(oauth.accessToken) };
  const fields = manualWay(manifest)?.fields.properties ?? {};
  const secret = Object.keys(credentials).filter((name) => isSecret(fields[name]));
  // Where the author forgot to mark any, one of them is it.
  const wrong = secret.length > 0 ? secret : Object.keys(credentials);
  const entries = Object.entries(credentials).map(([name, value]) => [name, wrong.includes(name) ? spoilt(value) : value]);
  return { credentials: Object.fromEntries(entries) };
}

/** The provider takes any key in this way, and its plugin says so. */
export function isUnproven(manifest: Manifest, { oauth }: RigOptions): boolean {
  return !oauth && manualWay(manifest)?.unproven !== undefined;
}

function spoilt(value: string): string {
  const kept = Math.ceil(value.length / 2);
  return value.slice(0, kept) + value.slice(kept).replaceAll(/[a-z0-9]/gi, (sign) => (sign === '0' ? '1' : '0'));
}

export function isSecret(field: Field | undefined): boolean {
  return field?.type === 'string' && field['x-secret'] === true;
}

function simulate(sandbox: Sandbox, deliveries: Delivery[]): SandboxInstance {
  let state: unknown;
  let asked = 0;
  const instance = sandbox.create({
    urlOf: (host) => `http://127.0.0.1:3000/sandbox/plugin/api/${host}`,
    async deliver(path, headers, body) {
      const names = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
      deliveries.push({ path, headers: Object.fromEntries(names), raw: Buffer.from(body) });
      return 200;
    },
    load: () => state,
    save: (value) => {
      state = structuredClone(value);
    },
    // Time flies, so that a test meets the provider's rate limit only where it means to.
    now: () => new Date(Date.now() + asked * PACE_MS),
  });
  const handle: SandboxInstance['handle'] = (req) => {
    asked += 1;
    return instance.handle(req);
  };
  return { handle, panel: () => instance.panel(), commands: instance.commands, close: async () => instance.close?.() };
}

interface LinkParts {
  readonly manifest: Manifest;
  readonly handlers: Handlers;
  readonly instance: SandboxInstance;
  readonly sandbox: Sandbox;
  readonly options: RigOptions;
  readonly changes: LinkChanges;
}

function openLink({ manifest, handlers, instance, sandbox, options, changes }: LinkParts): Link {
  const { signal } = new AbortController();
  const token = changes.accessToken ?? options.oauth?.accessToken;
  const credentials = changes.credentials ?? options.credentials ?? {};
  const method = options.oauth ? 'oauth' : 'manual';
  const secrets = token === undefined ? credentials : { accessToken: token };
  const app = appOf(manifest, sandbox);
  const { answer, vars = {} } = changes;
  const shower = { manifest, handlers, method, secrets, app } as const;
  const http = simulatedHttp({ shower, handlers, instance, hosts: sandbox.hosts, vars, signal, answer });
  return { http, log: QUIET, signal, method };
}

function plainFields(manifest: Manifest, credentials: Readonly<Record<string, string>>): Grant {
  const fields = manualWay(manifest)?.fields.properties ?? {};
  return Object.fromEntries(Object.entries(credentials).filter(([name]) => !isSecret(fields[name])));
}

function defaultsOf({ config }: Manifest): Record<string, unknown> {
  const given = Object.entries(config.properties).filter(([, field]) => field.default !== undefined);
  return Object.fromEntries(given.map(([name, field]) => [name, structuredClone(field.default)]));
}

function appOf({ app }: Manifest, sandbox: Sandbox): Record<string, string> {
  const given = Object.entries(app?.properties ?? {}).filter(([, field]) => field.default !== undefined);
  return { ...Object.fromEntries(given.map(([name, field]) => [name, String(field.default)])), ...sandbox.app };
}

function secretsOf({ config }: Manifest, values: Readonly<Record<string, unknown>>): Record<string, string> {
  const secret = Object.entries(values).filter(([name]) => isSecret(config.properties[name]));
  return Object.fromEntries(secret.map(([name, value]) => [name, String(value)]));
}
