import type {
  Account,
  Ctx,
  Grant,
  Handlers,
  Link,
  Manifest,
  Plugin,
  PluginLog,
  Sandbox,
  SandboxInstance,
  Stream,
  Subscribed,
  WebhookKeys,
} from '../index.ts';
import { manualWay } from './authorizing.ts';
import { appOf, defaultsOf, isSecret, plainFields, secretsOf } from './rig-values.ts';
import { answerTo, type Delivery, simulate, WEBHOOKS_URL } from './simulate.ts';
import { type Answer, simulatedHttp } from './simulated-http.ts';

export type { Delivery } from './simulate.ts';

/** How the plugin connects to its simulator: one of `credentials` and `oauth`. */
export interface RigOptions {
  /** The manual fields as a store owner would fill them in, secrets included; the simulator's fixed demo values. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** A token the simulator takes, and what it answered beside the tokens. */
  readonly oauth?: { readonly accessToken: string; readonly refreshToken?: string; readonly grant: Grant };
  /** Settings over the defaults of the `config` form; default: those of the simulator's `demo`. */
  readonly config?: Readonly<Record<string, unknown>>;
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
  /** The settings handlers are given. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What `verify` is given; with the secrets of the subscription once there is one. */
  readonly keys: WebhookKeys;
  /** Webhooks the simulator sent, in order; each was answered with 200. */
  readonly deliveries: readonly Delivery[];
  link(changes?: LinkChanges): Link;
  /**
   * Identifies the account and gives what handlers get afterwards; `changes` are for those, not for identifying. The first
   * time it also subscribes, as the hub does; what became of that says {@link subscribed}.
   */
  connect(changes?: LinkChanges): Promise<{ account: Account; ctx: Ctx<never> }>;
  /** What `subscribe` gave back; throws what it threw. */
  subscribed(): Promise<Subscribed | undefined>;
  close(): Promise<void>;
}

/** A fresh rig for each call; `steady` is one for all tests that do not change the simulator. */
export interface Open {
  (): Rig;
  readonly steady: () => Rig;
}

const QUIET: PluginLog = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** Starts a fresh simulator for the plugin. Close it at the end of the test. */
export function openRig(plugin: Plugin, sandbox: Sandbox, options: RigOptions): Rig {
  if (!plugin.handlers) throw new Error('A coming-soon plugin has nothing to test.');
  const { manifest, handlers } = plugin;
  const deliveries: Delivery[] = [];
  const config = { ...defaultsOf(manifest), ...(options.config ?? sandbox.demo?.config) };
  const own = { ...secretsOf(manifest, config), ...options.credentials };
  let keys: WebhookKeys = { app: appOf(manifest, sandbox), integration: own };
  const instance = simulate(sandbox, {
    onDelivery: (delivery) => deliveries.push(delivery),
    ask: async (path) => answerTo(handlers.webhook, path, keys),
  });
  const link = (changes: LinkChanges = {}) => openLink({ manifest, handlers, instance, sandbox, options, changes });
  const grant = options.oauth?.grant ?? plainFields(manifest, options.credentials ?? {});
  let subscribing: Promise<Subscribed | undefined> | undefined;
  const open = async (changes: LinkChanges) => {
    const account = await handlers.identify(link(), grant);
    const vars = account.vars && { vars: account.vars };
    const ctx = { ...link({ ...changes, ...vars }), account, config, ...calledAt(handlers) } as Ctx<never>;
    return { account, ctx };
  };
  const subscribed = () => {
    subscribing ??= open({}).then(async ({ ctx }) => {
      const made = await handlers.webhook?.subscribe?.(ctx, addressOf(handlers));
      keys = { ...keys, integration: { ...own, ...made?.secrets } };
      return made;
    });
    return subscribing;
  };
  return {
    manifest,
    handlers,
    instance,
    grant,
    config,
    get keys() {
      return keys;
    },
    deliveries,
    link,
    async connect(changes = {}) {
      const connected = await open(changes);
      // A subscription that fails does not keep the hub from connecting.
      await subscribed().catch(() => undefined);
      return connected;
    },
    subscribed,
    close: async () => instance.close?.(),
  };
}

/** The part of a context that says where the provider calls. */
export function calledAt(handlers: Handlers): Pick<Ctx, 'webhookUrl'> {
  return handlers.webhook ? { webhookUrl: addressOf(handlers) } : {};
}

/** Where the provider is told to report changes. */
function addressOf({ webhook }: Handlers): string {
  return `${WEBHOOKS_URL}${webhook?.scope === 'integration' ? '/c/test-key' : ''}`;
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

/** By which of the ways a stream is worked: the first one that can read it. */
export function wayFor(ways: readonly [RigOptions, ...RigOptions[]], { methods }: Pick<Stream, 'methods'>): RigOptions {
  return ways.find(({ oauth }) => !methods || methods.includes(oauth ? 'oauth' : 'manual')) ?? ways[0];
}

function shownCredentials({ manifest }: Plugin, sandbox: Sandbox): Record<string, string> | undefined {
  const fields = manifest.comingSoon ? undefined : manualWay(manifest)?.fields.properties;
  if (!fields) return undefined;
  const unheard = { onDelivery: () => undefined, ask: async () => ({ status: 0, body: '' }) };
  const shown = simulate(sandbox, unheard).panel().credentials;
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
