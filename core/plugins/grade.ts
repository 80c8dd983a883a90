import type { Sandbox } from '../sdk/index.ts';
import { type Breach, isComingSoon, type ReadyPlugin, under } from './check.ts';
import { findingsOf } from './check-findings.ts';
import type { PluginFolder } from './discover.ts';
import { fileBreaches } from './files-check.ts';
import { exportedBy, loadFolder } from './load.ts';
import { type Finding, type Graded, gradeOf } from './rules.ts';
import { messageOf } from './run.ts';
import { simulatorBreaches } from './simulator-check.ts';
import { textBreaches } from './texts-check.ts';

/**
 * Loads the folder by itself and holds it against every rule, its own simulator included. Runs the plugin's code in this
 * process: {@link gradeApart} bounds it. Never throws.
 */
export async function gradeFolder(folder: PluginFolder): Promise<Graded> {
  const { plugin, sandbox, findings, life, source, torn, hash: read } = await loadFolder(folder);
  const hash = torn ? '' : read;
  if (!plugin || !source) return { ...graded(findings), hash };
  try {
    const work = async () => [
      ...(await fileBreaches(folder.dir, plugin)),
      ...(isComingSoon(plugin) ? [] : await worked(plugin as ReadyPlugin, sandbox)),
    ];
    const breaches = await (life ? life.inside(work) : work());
    return { ...graded(await findingsOf(folder, breaches, exportedBy(plugin, source))), hash };
  } finally {
    await life?.dispose();
  }
}

async function worked(plugin: ReadyPlugin, sandbox: Sandbox | undefined): Promise<Breach[]> {
  const texts = textBreaches(plugin);
  try {
    return [...texts, ...(await simulatorBreaches(plugin, sandbox))];
  } catch (error) {
    const fault = { file: 'sandbox', message: `fails while the plugin is checked against it: ${messageOf(error)}` };
    return [...texts, ...under('P202', [fault])];
  }
}

const WORST_FIRST = ['error', 'bronze', 'silver', 'gold'];

export function graded(findings: readonly Finding[]): Graded {
  const sorted = [...findings].sort((a, b) => WORST_FIRST.indexOf(a.level) - WORST_FIRST.indexOf(b.level));
  return { grade: gradeOf(findings), findings: sorted };
}
