import { isPlugin, type Manifest, type Plugin, type Sandbox } from '../sdk/index.ts';
import { readIfThere } from './bundle.ts';
import type { PluginFolder } from './discover.ts';
import { formRuleFaults } from './form-rules.ts';
import { handlerFaults } from './handlers-check.ts';
import { iconFaults } from './icon.ts';
import { lineOf, type Path, written } from './locate.ts';
import { type Fault, manifestFaults } from './manifest-check.ts';
import { webhookFaults } from './webhook-check.ts';

/** What a folder exports and holds, before anybody relies on it. */
export interface Candidate {
  readonly plugin: unknown;
  readonly sandbox: unknown;
  readonly icon: string | undefined;
}

/** A plugin with handlers: what every card but a coming-soon one has behind it. */
export type ReadyPlugin = Extract<Plugin, { readonly manifest: Manifest }>;

/** How many faults a message lists; the author mends these first anyway. */
const SHOWN = 5;

/**
 * Holds a candidate against the contract. Pure but for calls to `verify`.
 * @returns every fault found; none for a plugin the hub may run
 */
export function check({ plugin, sandbox, icon }: Candidate): Fault[] {
  const faults = icon === undefined ? [] : iconFaults(icon);
  if (!isPlugin(plugin)) {
    return [{ message: 'exports no plugin; write `export default definePlugin(manifest, { … })`', file: 'index' }, ...faults];
  }
  const shape = manifestFaults(plugin.manifest);
  if (shape.length > 0) return [...shape, ...faults];
  return [...(isComingSoon(plugin) ? comingSoonFaults(plugin, sandbox) : pluginFaults(plugin, sandbox)), ...faults];
}

export function isComingSoon(plugin: Plugin): plugin is Exclude<Plugin, ReadyPlugin> {
  return plugin.manifest.comingSoon === true;
}

function comingSoonFaults(plugin: Plugin, sandbox: unknown): Fault[] {
  const path = ['comingSoon'];
  if (plugin.handlers !== undefined) {
    return [{ path, message: 'comingSoon is set but there are handlers; a coming-soon card has none: remove one of the two' }];
  }
  return sandbox === undefined ? [] : [{ path, message: 'comingSoon is set but there is a simulator; remove one of the two' }];
}

function pluginFaults(plugin: ReadyPlugin, sandbox: unknown): Fault[] {
  const { manifest, handlers } = plugin;
  const shape = handlerFaults(handlers, manifest);
  const loaders = Object.keys(handlers?.options ?? {});
  const faults = [
    ...shape,
    ...formRuleFaults(manifest.config, ['config'], loaders),
    ...connectFaults(plugin),
    ...sandboxFaults(sandbox, manifest),
  ];
  if (manifest.app) faults.push(...formRuleFaults(manifest.app, ['app'], undefined));
  if (handlers?.webhook && shape.length === 0) faults.push(...webhookFaults(handlers.webhook, manifest.app, manifest.config));
  return faults;
}

function connectFaults({ manifest, handlers }: { manifest: Manifest; handlers: { strategy?: unknown } }): Fault[] {
  const methods = manifest.auth.map(({ method }) => method);
  return manifest.auth.flatMap((auth, i): Fault[] => {
    const at: Path = ['auth', i];
    if (methods.indexOf(auth.method) !== i)
      return [{ path: [...at, 'method'], message: `${written(at)} is the second way of the method '${auth.method}'; keep one` }];
    if (auth.method === 'manual')
      return [...formRuleFaults(auth.fields, [...at, 'fields'], undefined), ...headerFaults(auth, at)];
    return handlers?.strategy ? [] : appFaults(manifest, at);
  });
}

function headerFaults(auth: Extract<Manifest['auth'][number], { method: 'manual' }>, at: Path): Fault[] {
  return Object.entries(auth.headers).flatMap(([header, template]) => {
    const unknown = [...template.matchAll(/\{(\w+)\}/g)]
      .map(([, name = '']) => name)
      .filter((name) => !Object.hasOwn(auth.fields.properties, name));
    const path = [...at, 'headers', header];
    return unknown.map((name) => ({ path, message: `${written(path)} asks for {${name}}, which is not one of the fields` }));
  });
}

function appFaults({ app }: Manifest, at: Path): Fault[] {
  const { clientId, clientSecret } = app?.properties ?? {};
  if (!clientId || !clientSecret) {
    return [
      { path: at, message: `${written(at)} needs the operator's \`clientId\` and \`clientSecret\`; ask for both in \`app\`` },
    ];
  }
  if (clientSecret.type === 'string' && clientSecret['x-secret']) return [];
  return [{ path: ['app', 'properties', 'clientSecret'], message: "app.properties.clientSecret must have 'x-secret': true" }];
}

function sandboxFaults(sandbox: unknown, { app }: Manifest): Fault[] {
  if (sandbox === undefined) return [];
  const { hosts, app: values, create } = (sandbox ?? {}) as Partial<Sandbox>;
  const file = 'sandbox';
  if (!Array.isArray(hosts) || hosts.length === 0 || typeof create !== 'function' || typeof values !== 'object') {
    return [{ file, message: 'exports no simulator; write `export default defineSandbox({ hosts, app, create })`' }];
  }
  const unknown = Object.keys(values ?? {}).filter((name) => !Object.hasOwn(app?.properties ?? {}, name));
  return unknown.map((name) => ({ file, message: `app.${name} is not one of the manifest's \`app\` fields` }));
}

/** The faults as lines that begin with file and line: `plugins/acme/manifest.ts:12: auth[0].title is missing; …`. */
export async function describeFaults(folder: PluginFolder, faults: readonly Fault[]): Promise<string> {
  const lines = await Promise.all(
    faults.slice(0, SHOWN).map(async (fault) => `${await placeOf(folder, fault)}: ${fault.message}`),
  );
  return [...lines, ...(faults.length > SHOWN ? [`… and ${faults.length - SHOWN} more`] : [])].join('\n');
}

async function placeOf(folder: PluginFolder, { path, file }: Fault): Promise<string> {
  if (file === 'sandbox') return `${folder.label}/${folder.sandbox}`;
  if (file !== undefined && file !== 'index') return `${folder.label}/${file}`;
  const candidates = file === 'index' ? [folder.entry] : ['manifest.ts', 'manifest.js', folder.entry];
  let there: string | undefined;
  for (const name of candidates) {
    const source = await readIfThere(folder, name);
    if (source === undefined) continue;
    there ??= name;
    const line = path && lineOf(source, path);
    if (line !== undefined) return `${folder.label}/${name}:${line}`;
  }
  return there === undefined ? folder.label : `${folder.label}/${there}`;
}
