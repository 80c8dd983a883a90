import { isPlugin, type Manifest, type OAuth2, type Plugin, type Sandbox } from '../sdk/index.ts';
import { brandFaults } from './brand-check.ts';
import { formRuleFaults } from './form-rules.ts';
import { handlerFaults } from './handlers-check.ts';
import { iconFaults } from './icon.ts';
import { type Path, written } from './locate.ts';
import { type Fault, manifestFaults } from './manifest-check.ts';
import type { RuleId } from './rules.ts';
import { sentenceFaults, translationFaults } from './translations-check.ts';
import { webhookFaults } from './webhook-check.ts';

/** What a folder exports and holds, before anybody relies on it. */
export interface Candidate {
  readonly plugin: unknown;
  readonly sandbox: unknown;
  readonly icon: string | undefined;
}

/** A plugin with handlers: what every card but a coming-soon one has behind it. */
export type ReadyPlugin = Extract<Plugin, { readonly manifest: Manifest }>;

/** A fault and the rule it breaks. */
export type Breach = Fault & { readonly rule: RuleId };

/**
 * Holds a candidate against the rules without which it is not loaded. Pure but for calls to `verify`.
 * @returns every fault found; none for a plugin the hub may run
 */
export function check({ plugin, sandbox, icon }: Candidate): Breach[] {
  const drawn = under('P011', icon === undefined ? [] : iconFaults(icon));
  if (!isPlugin(plugin)) {
    const fault = { message: 'exports no plugin; write `export default definePlugin(manifest, { … })`', file: 'index' };
    return [...under('P005', [fault]), ...drawn];
  }
  const shape = under('P006', manifestFaults(plugin.manifest));
  if (shape.length > 0) return [...shape, ...drawn];
  const rest = isComingSoon(plugin) ? under('P013', comingSoonFaults(plugin, sandbox)) : pluginFaults(plugin, sandbox);
  return [...rest, ...drawn, ...under('P014', brandFaults(plugin, icon))];
}

/** Files faults under a rule, save those that were filed under one already. */
export function under(rule: RuleId, faults: readonly (Fault | Breach)[]): Breach[] {
  return faults.map((fault) => ({ rule, ...fault }));
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

function pluginFaults(plugin: ReadyPlugin, sandbox: unknown): Breach[] {
  const { manifest, handlers } = plugin;
  const shape = under('P009', [...handlerFaults(handlers, manifest), ...versionFaults(plugin)]);
  const loaders = Object.keys(handlers?.options ?? {});
  const forms = [
    ...formRuleFaults(manifest.config, ['config'], loaders),
    ...(manifest.app ? formRuleFaults(manifest.app, ['app'], undefined) : []),
  ];
  const webhook = handlers?.webhook && shape.length === 0 ? handlers.webhook : undefined;
  return [
    ...shape,
    ...under('P006', [...translationFaults(plugin), ...sentenceFaults(manifest)]),
    ...under('P007', forms),
    ...under('P008', connectFaults(plugin)),
    ...under('P012', sandboxFaults(sandbox, manifest)),
    ...under('P010', webhook ? webhookFaults(webhook, manifest.app, manifest.config) : []),
  ];
}

/** One without the other does nothing, and nobody would notice until old settings are read. */
function versionFaults({ manifest: { configVersion = 1 }, handlers }: ReadyPlugin): Fault[] {
  const path = ['configVersion'];
  if (configVersion > 1 && !handlers?.migrateConfig)
    return [
      { path, message: `configVersion is ${configVersion} but there is no \`migrateConfig\`; write it among the handlers` },
    ];
  if (configVersion > 1 || !handlers?.migrateConfig) return [];
  return [{ path, message: 'there is a `migrateConfig` but no configVersion above 1; count it up when the settings change' }];
}

function connectFaults({ manifest, handlers }: { manifest: Manifest; handlers: { strategy?: unknown } }): (Fault | Breach)[] {
  const methods = manifest.auth.map(({ method }) => method);
  return manifest.auth.flatMap((auth, i): (Fault | Breach)[] => {
    const at: Path = ['auth', i];
    if (methods.indexOf(auth.method) !== i)
      return [{ path: [...at, 'method'], message: `${written(at)} is the second way of the method '${auth.method}'; keep one` }];
    if (auth.method === 'manual')
      return [...under('P007', formRuleFaults(auth.fields, [...at, 'fields'], undefined)), ...headerFaults(auth, at)];
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

function appFaults({ app, auth }: Manifest, at: Path): Fault[] {
  const { clientId, clientSecret } = app?.properties ?? {};
  const { scopesFrom } = auth.find((way): way is OAuth2 => way.method === 'oauth') ?? {};
  if (scopesFrom && !Object.hasOwn(app?.properties ?? {}, scopesFrom.field)) {
    const path = [...at, 'scopesFrom', 'field'];
    return [{ path, message: `${written(path)} names "${scopesFrom.field}", which is not one of the \`app\` fields` }];
  }
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
