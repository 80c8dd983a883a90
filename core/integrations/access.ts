import type { Access, Secrets } from '../egress/client.ts';
import { redact, secretParts } from '../egress/redact.ts';
import { splitSecrets } from '../plugins/form-check.ts';
import type { RunnablePlugin } from '../plugins/registry.ts';
import { type Authorization, hubError, type Keys, type Outgoing, PluginFault, Rejected } from '../sdk/index.ts';
import type { Method } from './integration-entity.ts';
import { record } from './shapes.ts';

/** The operator's `app` fields of a plugin, wherever they were set. */
export type AppFields = (plugin: RunnablePlugin) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;

export interface AccessTo {
  readonly plugin: RunnablePlugin;
  readonly method: Method;
  /** @see Access.secrets; without it only calls with a token of their own show who they are from. */
  readonly secrets: ((refused?: Secrets) => Promise<Secrets>) | undefined;
  readonly appFields: AppFields;
}

/** How a plugin's calls show who they are from: as its `authorize` says, else by its manifest. */
export function accessTo({ plugin, method, secrets, appFields }: AccessTo): Access {
  return {
    async secrets({ token, refused }) {
      if (token === undefined) return secrets?.(refused);
      return { ...(method === 'manual' && (await secrets?.())), accessToken: token };
    },
    unseen(opened) {
      if (method === 'oauth') return Object.values(opened);
      return Object.values(splitSecrets(keysOf(plugin).fields, opened).secret);
    },
    async authorize({ token, ...showing }) {
      if (plugin.plugin.handlers.authorize) return ownWay(plugin, { ...showing, method, app: await appFields(plugin) });
      const bare = token ?? (method === 'oauth' ? showing.secrets['accessToken'] : undefined);
      return { headers: bare === undefined ? manualHeaders(keysOf(plugin), showing.secrets) : bearer(bare) };
    },
  };
}

/** @throws Rejected as the plugin throws it; PluginFault for anything else, without what the plugin was shown */
function ownWay(plugin: RunnablePlugin, outgoing: Outgoing): Authorization {
  const { manifest, handlers } = plugin.plugin;
  try {
    const shown = checkedAuthorization(handlers.authorize?.(outgoing));
    if (outgoing.method === 'manual' && !Object.values(shown.headers ?? {}).every(isPrintable)) {
      for (const [name, value] of Object.entries(outgoing.secrets)) headerText(keysOf(plugin), name, value);
    }
    return shown;
  } catch (error) {
    if (hubError(error)?.consequence === 'rejected') throw error;
    const said = error instanceof Error ? error.message : String(error);
    const known = secretParts([...Object.values(outgoing.secrets), ...Object.values(outgoing.app)]);
    // Without the cause: a stack in the log would quote what the message must not.
    throw new PluginFault(`${manifest.name} cannot authorize a call to ${outgoing.host}: ${redact(said, known)}`);
  }
}

/** A promise is no answer: it would be taken for a call that shows nothing. */
function checkedAuthorization(value: unknown): Authorization {
  const shown = record(value, 'authorize() did not return headers or query');
  if ('then' in shown) throw new Error('authorize() returned a promise; it must answer at once');
  const texts = (part: 'headers' | 'query') => {
    const fault = `authorize() returned ${part} that are not texts by name`;
    const named = Object.entries(record(shown[part] ?? {}, fault)).filter(([, of]) => of !== undefined);
    if (named.some(([, of]) => typeof of !== 'string')) throw new Error(fault);
    return Object.fromEntries(named) as Record<string, string>;
  };
  return { headers: texts('headers'), query: texts('query') };
}

function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}

/**
 * The manifest's header templates filled in from the fields.
 * @throws Rejected naming the field that cannot be part of a header
 */
export function manualHeaders(auth: Keys, fields: Readonly<Record<string, unknown>>): Record<string, string> {
  const fill = (template: string) => template.replaceAll(/\{(\w+)\}/g, (_, name: string) => headerText(auth, name, fields[name]));
  return Object.fromEntries(Object.entries(auth.headers).map(([name, template]) => [name, fill(template)]));
}

/** @throws Rejected when the plugin does not connect by keys */
export function keysOf(plugin: RunnablePlugin): Keys {
  const { manifest } = plugin.plugin;
  const keys = manifest.auth.find((way): way is Keys => way.method === 'manual');
  if (keys) return keys;
  throw new Rejected(`${manifest.name} is not connected with keys; use its consent page instead.`);
}

function headerText(auth: Keys, name: string, value: unknown): string {
  const text = value === undefined ? '' : String(value);
  if (isPrintable(text)) return text;
  const title = auth.fields.properties[name]?.title ?? name;
  const message = `${title} holds characters that no key has (a line break, an accent); copy it again.`;
  throw new Rejected(message, { fields: [{ pointer: `/fields/${name}`, message }] });
}

function isPrintable(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}
