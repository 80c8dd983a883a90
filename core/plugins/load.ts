import { type ComingSoonManifest, hubError, isPlugin, type Manifest, type Plugin, type Sandbox } from '../sdk/index.ts';
import { type Bundle, bundle, readIfThere } from './bundle.ts';
import { check } from './check.ts';
import { describeFindings, findingsOf, thrownFinding } from './check-findings.ts';
import { contentHash } from './content-hash.ts';
import type { PluginFolder } from './discover.ts';
import type { Exported } from './function-place.ts';
import type { KeptGeneration } from './generation-store.ts';
import { Life, type OnFault } from './life.ts';
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
  /** There with `plugin`. */
  readonly life?: Life;
  /** There with `plugin`: what it takes to run it again without the folder. */
  readonly source?: Source;
  /** The folder changed while it was read, so that this is of neither state. */
  readonly torn?: boolean;
  /** It could run, but its grade is below what the operator asks for. */
  readonly refused?: boolean;
  /** It is what the database has of this very content; nothing new is to be kept. */
  readonly isKept?: boolean;
  /** What was said of it when it was kept. */
  readonly graded?: Pick<KeptGeneration, 'grade' | 'findings'>;
}

/** A generation as it can be kept. */
export interface Source {
  readonly index: Bundle;
  readonly sandbox: Bundle | undefined;
  readonly icon: string | undefined;
}

export interface LoadOptions {
  readonly onFault?: OnFault;
  /** These very bytes have passed every check of this version of the hub before. */
  readonly passed?: boolean;
}

/** Bundles, runs and checks one folder. Never throws: what is wrong becomes `error`, beginning with file and line. */
export async function loadFolder(folder: PluginFolder, options: LoadOptions = {}): Promise<Outcome> {
  if (folder.problem !== undefined) return failure(folder, '', folder.problem);
  let hash = '';
  try {
    hash = await contentHash(folder.dir);
    const source = await read(folder, hash);
    const packages = packagesOf(source);
    const whole = packages.length > 0 ? await contentHash(folder.dir, packages) : hash;
    const outcome = await start(folder, { hash: whole, source }, options);
    return { ...outcome, torn: (await contentHash(folder.dir)) !== hash };
  } catch (error) {
    const outcome = failure(folder, hash, hubError(error)?.message ?? `${folder.label}: cannot be read: ${messageOf(error)}`);
    return { ...outcome, torn: hash !== '' && (await contentHash(folder.dir).catch(() => '')) !== hash };
  }
}

/** Runs and checks what was bundled before. Never throws. */
export async function start(
  folder: PluginFolder,
  { hash, source }: { readonly hash: string; readonly source: Source },
  { onFault, passed = false }: LoadOptions = {},
): Promise<Outcome> {
  const life = new Life(folder.id, onFault);
  try {
    const outcome = await checked(folder, source, { life, passed });
    if (outcome.plugin === undefined) void life.dispose();
    return { folder, hash, ...outcome };
  } catch (error) {
    void life.dispose();
    return failure(folder, hash, hubError(error)?.message ?? `${folder.label}: ${messageOf(error)}`);
  }
}

/** Files of its own packages that a generation was made of. */
export function packagesOf({ index, sandbox }: Source): string[] {
  return [...new Set([...index.packages, ...(sandbox?.packages ?? [])])];
}

async function read(folder: PluginFolder, hash: string): Promise<Source> {
  const [index, sandbox, icon] = await Promise.all([
    bundle(folder, folder.entry, hash),
    folder.sandbox === undefined ? undefined : bundle(folder, folder.sandbox, hash),
    readIfThere(folder, 'icon.svg'),
  ]);
  return { index, sandbox, icon };
}

interface Check {
  readonly life: Life;
  readonly passed: boolean;
}

async function checked(folder: PluginFolder, source: Source, { life, passed }: Check): Promise<Omit<Outcome, 'folder' | 'hash'>> {
  const { icon } = source;
  const plugin = run(folder, source.index, { life });
  // Null, not undefined: a simulator file without a default export is a mistake, no file is none.
  const sandbox = source.sandbox && (run(folder, source.sandbox, { life }) ?? null);
  const breaches = passed && isPlugin(plugin) ? [] : life.inside(() => check({ plugin, sandbox, icon }));
  const findings = await findingsOf(folder, breaches, exportedBy(plugin, source));
  if (findings.length > 0 || !isPlugin(plugin)) {
    const nothing = { plugin: undefined, sandbox: undefined, icon: undefined };
    return { manifest: soundManifest(plugin), ...nothing, error: describeFindings(findings), findings };
  }
  const { manifest, handlers } = plugin;
  if (handlers?.dispose) life.onEnd(() => handlers.dispose?.());
  return { manifest, plugin, sandbox: sandbox as Sandbox | undefined, icon, error: undefined, findings, life, source };
}

/** What places a finding at the handler it is about. */
export function exportedBy(plugin: unknown, { index }: Source): Exported {
  return { handlers: (plugin as Partial<Plugin> | null | undefined)?.handlers, bundle: index };
}

function failure(folder: PluginFolder, hash: string, error: string): Outcome {
  const findings = [thrownFinding(folder, error)];
  return { folder, hash, manifest: undefined, plugin: undefined, sandbox: undefined, icon: undefined, error, findings };
}

/** A plugin that fails elsewhere may still have a manifest to make a card from. */
function soundManifest(plugin: unknown): Manifest | ComingSoonManifest | undefined {
  return isPlugin(plugin) && manifestFaults(plugin.manifest).length === 0 ? plugin.manifest : undefined;
}
