import { readsAny } from '../../integrations/readable.ts';
import type { SetUp } from '../../integrations/set-up-store.ts';
import type { Template } from '../../plugins/registry.ts';
import type { Auth } from '../../sdk/index.ts';
import { t } from '../words/texts.ts';
import type { ConnectionView, Step } from './connection-view.ts';
import { manifestOf } from './plugin-head.ts';

export type WizardStepName = 'connect' | 'configure' | 'sync' | 'done';

export interface WizardStep {
  readonly text: string;
  readonly state: 'done' | 'current' | 'ahead';
}

/** Is there anything to choose once it is connected? */
export function hasSettings(template: Pick<Template, 'loaded' | 'manifest'>): boolean {
  return Object.keys(manifestOf(template)?.config.properties ?? {}).length > 0;
}

/** From the first press to the finish line, without the steps this plugin does not have. */
export function wizardSteps(current: WizardStepName, template: Template, method?: Auth['method']): WizardStep[] {
  const streams = template.loaded?.plugin.handlers?.streams;
  const ways = method ? [method] : (['oauth', 'manual'] as const);
  const names: WizardStepName[] = [
    'connect',
    ...(hasSettings(template) ? (['configure'] as const) : []),
    ...(ways.some((way) => readsAny(streams, way)) ? (['sync'] as const) : []),
    'done',
  ];
  const at = names.indexOf(current);
  return names.map((name, index) => ({
    text: t(`wizard.step.${name}`),
    state: index < at || current === 'done' ? 'done' : index === at ? 'current' : 'ahead',
  }));
}

/** Where the set-ups of these connections go on. */
export function unfinishedSteps(
  setUps: readonly Pick<SetUp, 'integrationId' | 'step'>[],
  connections: readonly Pick<ConnectionView, 'id' | 'href' | 'called'>[],
): Step[] {
  return setUps.flatMap(({ integrationId }) => {
    const own = connections.find(({ id }) => id === integrationId);
    if (!own) return [];
    const text = t('wizard.continue', { name: own.called });
    return [{ href: `${own.href}/configure`, text, full: text }];
  });
}
