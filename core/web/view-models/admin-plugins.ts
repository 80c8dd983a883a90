import { type Census, NOBODY } from '../../integrations/census-store.ts';
import type { Template } from '../../plugins/registry.ts';
import type { Grade } from '../../plugins/rules.ts';
import type { PluginFacts } from '../plugin-facts.ts';
import { isCardOnly } from '../plugin-facts.ts';
import { t } from '../words/texts.ts';
import { type AdminState, adminState } from './admin-state.ts';
import { iconUrl } from './card-view.ts';

export interface AdminPluginRow extends AdminState {
  readonly id: string;
  readonly href: string;
  readonly name: string;
  readonly category: string;
  readonly picture: string | undefined;
  readonly generation: string;
  /** The first digits. */
  readonly hash: string;
  readonly grade: string | undefined;
  readonly loadedAt: Date | undefined;
  readonly failures: number;
  readonly lastError: string | undefined;
  readonly integrations: number;
  readonly active: boolean;
  /** Whether there is something to switch. */
  readonly canSwitch: boolean;
}

export interface AdminPluginsPage {
  readonly rows: readonly AdminPluginRow[];
}

export interface AdminPluginInput {
  readonly template: Template;
  readonly facts: PluginFacts;
  readonly census: Census | undefined;
}

export function adminPluginRow({ template, facts, census = NOBODY }: AdminPluginInput): AdminPluginRow {
  const { id, name, category, active, loaded, error } = template;
  return {
    ...adminState(template),
    id,
    href: adminHref(id),
    name,
    category,
    picture: iconUrl(template),
    generation: loaded ? String(loaded.generation) : '',
    hash: loaded?.hash.slice(0, 8) ?? '',
    grade: gradeOf(facts),
    loadedAt: loaded?.loadedAt,
    failures: facts.failures,
    lastError: firstLine(error ?? facts.lastError),
    integrations: census.total,
    active,
    canSwitch: isSwitchable(template),
  };
}

export function adminHref(id: string): string {
  return `/admin/plugins/${encodeURIComponent(id)}`;
}

/** A folder that cannot be a plugin has no row to switch. */
export function isSwitchable(template: Template): boolean {
  return !template.id.includes('/') && (template.loaded !== undefined || isCardOnly(template) || template.manifest !== undefined);
}

/** `gold` → `Gold`. */
export function gradeOf({ grade, isBeingGraded }: PluginFacts): string | undefined {
  return grade === undefined ? (isBeingGraded ? t('admin.beingGraded') : undefined) : gradeWord(grade);
}

export function gradeWord(grade: Grade): string {
  return t(`admin.grade.${grade}`);
}

function firstLine(text: string | undefined): string | undefined {
  return text?.split('\n')[0];
}
