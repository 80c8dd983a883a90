import { type ComingSoonManifest, hubError, isPlugin, type Manifest, type Plugin, type Sandbox } from '../sdk/index.ts';
import { bundle, readIfThere } from './bundle.ts';
import { check } from './check.ts';
import { describeFindings, findingsOf, thrownFinding } from './check-findings.ts';
import { contentHash } from './content-hash.ts';
import type { PluginFolder } from './discover.ts';
import { manifestFaults } from './manifest-check.ts';
import type { Finding } from './rules.ts';
import { messageOf, run } from './run.ts';

/** What became of a folder: `plugin` is there exactly when `error` is not. */
export interface Outcome {
  readonly folder: PluginFolder;
  readonly hash: string;
  readonly manifest: Manifest | ComingSoonManifest | undefined;
  readonly plugin: Plugin | undefined;
  readonly sandbox: Sandbox | undefined;
  readonly icon: string | undefined;
  readonly error: string | undefined;
  /** What `error` is made of, by rule. */
  readonly findings: readonly Finding[];
}

/** Bundles, runs and checks one folder. Never throws: what is wrong becomes `error`, beginning with file and line. */
export async function loadFolder(folder: PluginFolder): Promise<Outcome> {
  if (folder.problem !== undefined) return failure(folder, '', folder.problem);
  let hash = '';
  try {
    hash = await contentHash(folder.dir);
    return await load(folder, hash);
  } catch (error) {
    return failure(folder, hash, hubError(error)?.message ?? `${folder.label}: cannot be read: ${messageOf(error)}`);
  }
}

function failure(folder: PluginFolder, hash: string, error: string): Outcome {
  const findings = [thrownFinding(folder, error)];
  return { folder, hash, manifest: undefined, plugin: undefined, sandbox: undefined, icon: undefined, error, findings };
}

async function load(folder: PluginFolder, hash: string): Promise<Outcome> {
  const [index, simulator, icon] = await Promise.all([
    bundle(folder, folder.entry, hash),
    folder.sandbox === undefined ? undefined : bundle(folder, folder.sandbox, hash),
    readIfThere(folder, 'icon.svg'),
  ]);
  const plugin = run(folder, index);
  // Null, not undefined: a simulator file without a default export is a mistake, no file is none.
  const sandbox = simulator && (run(folder, simulator) ?? null);
  const findings = await findingsOf(folder, check({ plugin, sandbox, icon }));
  const nothing = { plugin: undefined, sandbox: undefined, icon: undefined };
  if (findings.length > 0 || !isPlugin(plugin)) {
    return { folder, hash, manifest: soundManifest(plugin), ...nothing, error: describeFindings(findings), findings };
  }
  const sound = { manifest: plugin.manifest, plugin, sandbox: sandbox as Sandbox | undefined, icon };
  return { folder, hash, ...sound, error: undefined, findings };
}

/** A plugin that fails elsewhere may still have a manifest to make a card from. */
function soundManifest(plugin: unknown): Manifest | ComingSoonManifest | undefined {
  return isPlugin(plugin) && manifestFaults(plugin.manifest).length === 0 ? plugin.manifest : undefined;
}
