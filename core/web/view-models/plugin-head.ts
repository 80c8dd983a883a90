import type { Template } from '../../plugins/registry.ts';
import type { Manifest } from '../../sdk/index.ts';
import { iconUrl } from './card-view.ts';

/** The face of a plugin at the top of its pages. */
export interface PluginHead {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  readonly category: string;
  readonly picture: string | undefined;
  readonly href: string;
}

export function pluginHead(template: Template): PluginHead {
  const { id, name, summary, category } = template;
  return { id, name, summary, category, picture: iconUrl(template), href: `/integrations/${id}` };
}

/** Full manifests only: a coming-soon card has no ways to connect. */
export function manifestOf(template: Pick<Template, 'loaded' | 'manifest'>): Manifest | undefined {
  const manifest = template.loaded?.plugin.manifest ?? template.manifest;
  return manifest && !manifest.comingSoon ? (manifest as Manifest) : undefined;
}
