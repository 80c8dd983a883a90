import type { Integration } from '../../integrations/integration-store.ts';
import type { Template } from '../../plugins/registry.ts';
import type { Form } from '../../sdk/index.ts';
import { t } from '../words/texts.ts';
import type { FaultLink } from './field-summary.ts';
import type { FieldView } from './form-view.ts';
import type { PluginHead } from './plugin-view.ts';
import type { FoldedView } from './setting-view.ts';
import type { WizardStep } from './wizard-steps.ts';

export interface ConfigurePage {
  readonly plugin: PluginHead;
  readonly integration: {
    readonly id: string;
    readonly name: string;
    readonly href: string;
    readonly account: string | undefined;
  };
  /** Of the set-up it is part of; none where settings are changed later. */
  readonly steps: readonly WizardStep[];
  readonly fields: readonly FieldView[];
  /** Those that are rarely changed, behind one line each. */
  readonly folded: readonly FoldedView[];
  /** There are so many that a list leads to them. */
  readonly jumps: boolean;
  /** The name the store gave it; typed values come back here after a mistake. */
  readonly name: string;
  readonly nameError: string | undefined;
  readonly error: string | undefined;
  readonly faults: readonly FaultLink[];
  /** What stands in the form was sent once, and not saved. */
  readonly tried: boolean;
  /** The provider refused them; they may be saved nevertheless. */
  readonly untested: boolean;
  /** Choices come from the provider, and may be asked for again. */
  readonly asksProvider: boolean;
  readonly canTest: boolean;
}

/** The name of the input for whose change stays. */
export const RULE = '_conflictRule';

/** Whose change stays, for integrations whose records can be changed here; no field for others. */
export function conflictForm({ template, integration }: { template: Template; integration: Integration }): Form {
  const streams = Object.values(template.loaded?.plugin.handlers?.streams ?? {});
  if (!streams.some(({ edit }) => edit)) return { type: 'object', properties: {} };
  const labels = { provider: t('configure.rule.provider', { plugin: template.name }), newer: t('configure.rule.newer') };
  const field = {
    type: 'string',
    title: t('configure.rule.title', { plugin: template.name }),
    description: t('configure.rule.hint'),
    enum: Object.keys(labels),
    'x-labels': labels,
    default: integration.conflictRule,
  } as const;
  return { type: 'object', properties: { [RULE]: field } };
}
