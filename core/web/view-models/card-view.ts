import { cardOf, isUsable } from '../../integrations/card.ts';
import type { Template } from '../../plugins/registry.ts';
import { isShown } from '../card.ts';
import type { ConnectionView } from './connection-view.ts';
import { type StateView, stateView } from './state-view.ts';

export interface CardView extends StateView {
  readonly id: string;
  readonly href: string;
  readonly name: string;
  readonly summary: string;
  readonly category: string;
  readonly picture: string | undefined;
  readonly connections: readonly ConnectionView[];
  /** Why it cannot be used: for operators only. */
  readonly reason: string | undefined;
  readonly canConnect: boolean;
  /** How the store is told when it comes; undefined where it does not wait for it. */
  readonly waits: string | undefined;
  /** How many stores wait for it: for operators only. */
  readonly waiting: number;
  /** What a search looks at, in lower case. */
  readonly search: string;
}

export interface Viewer {
  readonly operator: boolean;
  /** May connect, configure and disconnect. */
  readonly manage: boolean;
}

/** The card of a plugin; undefined where this viewer has nothing to see of it. */
export function cardView(template: Template, connections: readonly ConnectionView[], viewer: Viewer): CardView | undefined {
  if (!isShown(template, connections.length, viewer.operator)) return undefined;
  const { state, operatorReason } = cardOf(template, connections);
  const face = stateView(state);
  const own = connections.flatMap(({ name, account, reference, text }) => [name, account ?? '', reference ?? '', text]);
  return {
    ...face,
    id: template.id,
    href: `/integrations/${encodeURIComponent(template.id)}`,
    name: template.name,
    summary: template.summary,
    category: template.category,
    picture: iconUrl(template),
    connections,
    reason: viewer.operator ? operatorReason : undefined,
    waits: undefined,
    waiting: 0,
    canConnect: viewer.manage && template.active && isUsable(template),
    search: [template.name, template.summary, template.category, face.text, ...own].join(' ').toLowerCase(),
  };
}

/** The address of the plugin's drawing; it changes with the drawing, so that browsers may keep it. */
export function iconUrl({ id, icon, iconVersion }: Pick<Template, 'id' | 'icon' | 'iconVersion'>): string | undefined {
  return icon === undefined ? undefined : `/assets/plugins/${encodeURIComponent(id)}/icon.svg?v=${iconVersion}`;
}
