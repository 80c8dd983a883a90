import { createHash } from 'node:crypto';
import { CATEGORIES, type Manifest } from '../sdk/index.ts';
import type { LoadedPlugin } from './loaded-plugin.ts';
import type { Finding, Grade } from './rules.ts';
import type { CardManifest, TemplateOverrides, TemplateState } from './template-entity.ts';
import type { TemplateRow } from './template-store.ts';

/** A plugin as stores see it: its card. */
export interface Template {
  /** The plugin's id; for a folder that cannot have one, its path (`plugins/Acme Co`), which no id can equal. */
  readonly id: string;
  readonly state: TemplateState;
  /** False: an operator has switched it off for new connections. */
  readonly active: boolean;
  readonly name: string;
  readonly summary: string;
  readonly category: string;
  /** For the operator: file, line and what is wrong. With state `ready` the last good generation still runs. */
  readonly error: string | undefined;
  /** As last seen in order, also when nothing is loaded. */
  readonly manifest: Manifest | CardManifest | undefined;
  readonly loaded: LoadedPlugin | undefined;
  /** SVG text. */
  readonly icon: string | undefined;
  /** Changes with the icon, so that browsers may keep it. */
  readonly iconVersion: string | undefined;
  /** What an operator wrote over the plugin's own card, guides included. */
  readonly overrides: TemplateOverrides;
  /** The hash of the generation an operator put back, while it runs in place of what the folder holds. */
  readonly putBack?: string | undefined;
  /** Of the generation that runs, once it has been computed. */
  readonly grade?: Grade | undefined;
  /** Its turn comes, or is now. */
  readonly isBeingGraded?: boolean;
  /** What the checker has against the folder, worst first. */
  readonly findings?: readonly Finding[];
}

export interface TemplateParts {
  readonly id: string;
  readonly state: TemplateState;
  readonly error: string | undefined;
  readonly manifest: Manifest | CardManifest | undefined;
  readonly loaded: LoadedPlugin | undefined;
  readonly putBack?: string | undefined;
}

/** The card of a plugin: its manifest (or the last one in order) under what an operator wrote over it. */
export function toTemplate(parts: TemplateParts, row: TemplateRow | undefined): Template {
  const { id, state, error, manifest, loaded } = parts;
  const known = manifest ?? row?.manifest ?? undefined;
  const overrides = row?.overrides ?? {};
  const { name, summary, category } = overrides;
  const icon = overrides.icon ?? loaded?.icon ?? (known && 'icon' in known ? known.icon : undefined);
  return {
    id,
    state,
    active: row?.active ?? true,
    name: name ?? known?.name ?? id,
    summary: summary ?? known?.summary ?? '',
    category: category ?? known?.category ?? 'API Tools',
    error,
    manifest: known,
    loaded,
    icon,
    iconVersion: icon && createHash('sha256').update(icon).digest('hex').slice(0, 12),
    overrides,
    putBack: parts.putBack,
  };
}

/** By category as the SDK lists them, then by name. */
export function byCategory(a: Template, b: Template): number {
  return rank(a.category) - rank(b.category) || a.category.localeCompare(b.category) || a.name.localeCompare(b.name);
}

function rank(category: string): number {
  const index = (CATEGORIES as readonly string[]).indexOf(category);
  return index < 0 ? CATEGORIES.length : index;
}
