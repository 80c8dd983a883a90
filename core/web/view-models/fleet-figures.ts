import type { FleetFigures } from '../../integrations/fleet-store.ts';
import { number } from '../words/format.ts';
import { percent } from './dashboard-figures.ts';

/** A store, or a plugin, and how its integrations fare. */
export interface FleetLine {
  readonly href: string;
  readonly name: string;
  readonly total: string;
  /** Blank: none needs a person. */
  readonly attention: string;
  readonly share: string;
}

export function fleetLines(
  by: 'store' | 'plugin',
  figures: readonly FleetFigures[],
  nameOf: (figures: FleetFigures) => string = ({ name }) => name,
): FleetLine[] {
  return figures.map((one) => ({
    href: `/admin/integrations?${new URLSearchParams({ [by]: one.of })}`,
    name: nameOf(one),
    total: number(one.total),
    attention: one.attention > 0 ? number(one.attention) : '',
    share: one.ended === 0 ? '–' : percent(one.succeeded / one.ended),
  }));
}
