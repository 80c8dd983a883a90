import type { FaultCount } from '../plugins/faults.ts';
import type { Registry, Template } from '../plugins/registry.ts';
import type { Finding, Grade } from '../plugins/rules.ts';

/** What an operator asks about a plugin while it runs. */
export interface PluginFacts extends FaultCount {
  /** Undefined until the checker has come to it, and for cards without code. */
  readonly grade: Grade | undefined;
  readonly isBeingGraded: boolean;
  readonly findings: readonly Finding[];
}

export function factsOf(registry: Registry, template: Template): PluginFacts {
  const { id, grade, isBeingGraded = false, findings = [] } = template;
  return { ...registry.faults(id), grade, isBeingGraded, findings };
}

/** Written by an operator where there is no plugin. */
export function isCardOnly({ state, loaded }: Pick<Template, 'state' | 'loaded'>): boolean {
  return state === 'coming-soon' && loaded === undefined;
}
