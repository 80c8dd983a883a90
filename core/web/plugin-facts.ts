import type { FaultCount } from '../plugins/faults.ts';
import type { Registry, Template } from '../plugins/registry.ts';

/** What an operator asks about a plugin while it runs. */
export interface PluginFacts extends FaultCount {
  readonly grade: string | undefined;
  readonly findings: readonly FindingFact[];
}

export interface FindingFact {
  readonly rule: string;
  readonly level: string;
  readonly file: string;
  readonly line?: number;
  readonly message: string;
}

export function factsOf(registry: Registry, template: Template): PluginFacts {
  // A template has them once the checker has graded its plugin.
  const { grade, findings = [] }: { grade?: string; findings?: readonly FindingFact[] } = template as object;
  return { ...registry.faults(template.id), grade, findings };
}

/** Written by an operator where there is no plugin. */
export function isCardOnly({ state, loaded }: Pick<Template, 'state' | 'loaded'>): boolean {
  return state === 'coming-soon' && loaded === undefined;
}
