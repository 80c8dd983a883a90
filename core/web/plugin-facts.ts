import type { Registry, Template } from '../plugins/registry.ts';

/** What an operator asks about a plugin while it runs. */
export interface PluginFacts {
  readonly grade: string | undefined;
  readonly findings: readonly FindingFact[];
  readonly failures: number;
  readonly lastError: string | undefined;
  readonly lastFailureAt: Date | undefined;
}

export interface FindingFact {
  readonly rule: string;
  readonly level: string;
  readonly file: string;
  readonly line?: number;
  readonly message: string;
}

export interface GenerationFact {
  readonly hash: string;
  readonly createdAt: Date;
}

/** Parts of the registry that come with hot loading and the checker. */
interface Ahead {
  faults?(id: string): { failures: number; lastError: string | undefined; lastFailureAt: Date | undefined };
  generations?(id: string): Promise<readonly GenerationFact[]>;
  putBack?(id: string, hash: string | undefined): Promise<void>;
}

export function factsOf(registry: Registry, template: Template): PluginFacts {
  const { grade, findings = [] } = template as { grade?: string; findings?: readonly FindingFact[] };
  const faults = (registry as Ahead).faults?.(template.id);
  const { failures = 0, lastError, lastFailureAt } = faults ?? {};
  return { grade, findings, failures, lastError, lastFailureAt };
}

export async function generationsOf(registry: Registry, id: string): Promise<readonly GenerationFact[]> {
  return (await (registry as Ahead).generations?.(id)) ?? [];
}

export async function putBack(registry: Registry, id: string, hash: string | undefined): Promise<void> {
  await (registry as Ahead).putBack?.(id, hash);
}

/** Written by an operator where there is no plugin. */
export function isCardOnly({ state, loaded }: Pick<Template, 'state' | 'loaded'>): boolean {
  return state === 'coming-soon' && loaded === undefined;
}
