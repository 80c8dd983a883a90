import type {
  Account,
  Ctx,
  Field,
  Grant,
  Handlers,
  Keys,
  Link,
  Manifest,
  Plugin,
  PluginLog,
  Sandbox,
  SandboxInstance,
  WebhookKeys,
} from '../index.ts';
import { type Answer, simulatedHttp } from './simulated-http.ts';

/** How the plugin connects to its simulator: one of `credentials` and `oauth`. */
export interface RigOptions {
  /** The manual fields as a store owner would fill them in, secrets included; the simulator's fixed demo values. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** A token the simulator takes, and what it answered beside the tokens. */
  readonly oauth?: { readonly accessToken: string; readonly grant: Grant };
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
  /** Identifies the account and gives what handlers get afterwards. */
  connect(): Promise<{ account: Account; ctx: Ctx<never> }>;
  close(): Promise<void>;
}

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
    keys: { app: { ...appDefaults(manifest), ...sandbox.app }, integration: { ...options.credentials } },
    deliveries,
    link,
    async connect() {
      const account = await handlers.identify(link(), grant);
      return { account, ctx: { ...link(account.vars ? { vars: account.vars } : {}), account, config } as Ctx<never> };
    },
    close: async () => instance.close?.(),
  };
}

/** The manifest's manual way to connect. */
export function manualWay(manifest: Manifest): Keys | undefined {
  return manifest.auth.find((auth): auth is Keys => auth.method === 'manual');
}

export function isSecret(field: Field | undefined): boolean {
  return field?.type === 'string' && field['x-secret'] === true;
}

function simulate(sandbox: Sandbox, deliveries: Delivery[]): SandboxInstance {
  let state: unknown;
  return sandbox.create({
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
    now: () => new Date(),
  });
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
  const headers = token === undefined ? manualHeaders(manifest, credentials) : { authorization: `Bearer ${token}` };
  const { answer, vars = {} } = changes;
  const http = simulatedHttp({ manifest, handlers, instance, hosts: sandbox.hosts, headers, vars, signal, answer });
  return { http, log: QUIET, signal, method: options.oauth ? 'oauth' : 'manual' };
}

function manualHeaders(manifest: Manifest, credentials: Readonly<Record<string, string>>): Record<string, string> {
  const templates = Object.entries(manualWay(manifest)?.headers ?? {});
  return Object.fromEntries(
    templates.map(([name, template]) => [
      name,
      template.replaceAll(/\{(\w+)\}/g, (_, field: string) => credentials[field] ?? ''),
    ]),
  );
}

function plainFields(manifest: Manifest, credentials: Readonly<Record<string, string>>): Grant {
  const fields = manualWay(manifest)?.fields.properties ?? {};
  return Object.fromEntries(Object.entries(credentials).filter(([name]) => !isSecret(fields[name])));
}

function defaultsOf({ config }: Manifest): Record<string, unknown> {
  const given = Object.entries(config.properties).filter(([, field]) => field.default !== undefined);
  return Object.fromEntries(given.map(([name, field]) => [name, structuredClone(field.default)]));
}

function appDefaults({ app }: Manifest): Record<string, string> {
  const given = Object.entries(app?.properties ?? {}).filter(([, field]) => field.default !== undefined);
  return Object.fromEntries(given.map(([name, field]) => [name, String(field.default)]));
}
