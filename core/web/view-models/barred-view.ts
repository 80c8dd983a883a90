import { barredBy } from '../../integrations/barred.ts';
import type { Integration } from '../../integrations/integration-store.ts';
import type { Template } from '../../plugins/registry.ts';
import { list } from '../words/format.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { manifestOf } from './plugin-view.ts';

/** Why the settings forbid an action, and where to change that. */
export interface BarredView {
  readonly text: string;
  readonly href: string;
  /** The words of the link: `Change "Direction"`. */
  readonly step: string;
}

/** What is offered, or several that are not for one reason. */
export interface Offer {
  readonly title: string;
  readonly href: string;
  readonly description?: string | undefined;
  readonly barred?: BarredView | undefined;
}

interface Place {
  readonly template: Template;
  readonly integration: Integration;
  readonly href: string;
}

export function barredView({ template, integration, href }: Place, action: string): BarredView | undefined {
  const barred = barredBy(template.loaded, integration, action);
  if (!barred) return undefined;
  const setting = manifestOf(template)?.config.properties[barred.field]?.title ?? barred.field;
  const step = t('action.changeSetting', { setting });
  return { text: said(barred.text), href: `${href}/configure#config-${barred.field}`, step };
}

/** What can be done, and behind it what the settings forbid: a line for each reason. */
export function offersOf<T extends Offer>(offers: readonly T[]): (T | Offer)[] {
  const possible = offers.filter(({ barred }) => !barred);
  const reasons = Map.groupBy(
    offers.filter(({ barred }) => barred),
    ({ barred }) => `${barred?.href} ${barred?.text}`,
  );
  const told = [...reasons.values()].flatMap(([first, ...others]) =>
    first ? [{ ...first, title: list([first, ...others].map(({ title }) => title)) }] : [],
  );
  return [...possible, ...told];
}
