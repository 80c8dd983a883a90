import type { Census } from '../../integrations/census-store.ts';
import type { GenerationView } from '../../plugins/generation-store.ts';
import type { Template } from '../../plugins/registry.ts';
import type { Finding } from '../../plugins/rules.ts';
import type { PluginFacts } from '../plugin-facts.ts';
import { isCardOnly } from '../plugin-facts.ts';
import { t } from '../words/texts.ts';
import type { AppFormView } from './admin-app-form.ts';
import { ownGuides } from './admin-card-form.ts';
import { type AdminPluginRow, adminPluginRow, gradeOf } from './admin-plugins.ts';
import { stateSentence } from './admin-state.ts';
import { categoryTitle } from './cards-view.ts';
import type { FieldView } from './form-view.ts';

export interface AdminPluginPage {
  readonly plugin: AdminPluginRow;
  readonly summary: string;
  readonly sentence: string | undefined;
  /** What is wrong, one line each, beginning with file and line. */
  readonly errors: readonly string[];
  readonly lastFailure: { readonly text: string; readonly at: Date | undefined } | undefined;
  readonly facts: readonly { readonly label: string; readonly value: string; readonly at?: Date | undefined }[];
  readonly held: readonly string[];
  readonly findings: readonly FindingView[];
  readonly generations: readonly GenerationRow[];
  /** An operator put an older one back, and it runs. */
  readonly putBack: boolean;
  readonly cardFields: readonly FieldView[];
  /** The plugin's own guides, to begin from. */
  readonly ownGuides: readonly { readonly title: string; readonly text: string }[];
  readonly cardOnly: boolean;
  readonly canChange: boolean;
  readonly canRemove: boolean;
  readonly app: AppFormView | undefined;
  /** What went wrong with the last try, beside its form. */
  readonly cardError: string | undefined;
  readonly appError: string | undefined;
}

export interface FindingView {
  readonly rule: string;
  readonly href: string;
  readonly level: string;
  readonly place: string;
  readonly message: string;
}

export interface GenerationRow {
  readonly hash: string;
  readonly short: string;
  readonly at: Date;
  readonly current: boolean;
}

export interface AdminPluginPageInput {
  readonly template: Template;
  readonly facts: PluginFacts;
  readonly census: Census | undefined;
  readonly generations: readonly GenerationView[];
  readonly cardFields: readonly FieldView[];
  readonly app: AppFormView | undefined;
  readonly cardError?: string | undefined;
  readonly appError?: string | undefined;
}

export function adminPluginPage(input: AdminPluginPageInput): AdminPluginPage {
  const { template, facts, census } = input;
  const row = adminPluginRow(input);
  const cardOnly = isCardOnly(template);
  return {
    plugin: row,
    summary: template.summary,
    sentence: cardOnly ? t('admin.cardOnly') : stateSentence(template),
    errors: template.error?.split('\n') ?? [],
    lastFailure: facts.lastError === undefined ? undefined : { text: facts.lastError, at: facts.lastFailureAt },
    facts: factsOf(input),
    held: census && census.total > 0 ? heldBy(census) : [],
    findings: facts.findings.map(findingView),
    generations: input.generations.map((one) => generationRow(one, template.loaded?.hash)),
    putBack: template.putBack !== undefined,
    cardFields: input.cardFields,
    ownGuides: ownGuides(template),
    cardOnly,
    canChange: row.canSwitch,
    canRemove: cardOnly || template.state === 'missing',
    app: input.app,
    cardError: input.cardError,
    appError: input.appError,
  };
}

function factsOf({ template, facts, census }: AdminPluginPageInput): AdminPluginPage['facts'] {
  const { id, category, loaded } = template;
  return [
    { label: t('admin.id'), value: id },
    { label: t('admin.category'), value: categoryTitle(category) },
    ...(loaded
      ? [
          { label: t('admin.generation'), value: String(loaded.generation) },
          { label: t('admin.content'), value: loaded.hash.slice(0, 12) },
          { label: t('admin.loaded'), value: '', at: loaded.loadedAt },
          { label: t('admin.folder'), value: loaded.dir },
        ]
      : []),
    { label: t('admin.grade'), value: gradeOf(facts) ?? t('admin.ungraded') },
    { label: t('admin.failures'), value: String(facts.failures) },
    { label: t('frame.integrations'), value: String(census?.total ?? 0) },
  ];
}

function heldBy({ active, error, pending, disconnected }: Census): string[] {
  const parts: [number, string][] = [
    [active, 'working'],
    [error, 'attention'],
    [pending, 'connecting'],
    [disconnected, 'disconnected'],
  ];
  return parts.flatMap(([count, state]) => (count > 0 ? [t(`admin.held.${state}`, { count })] : []));
}

function findingView({ rule, level, file, line, message }: Finding): FindingView {
  const place = line === undefined ? file : `${file}:${line}`;
  return { rule, href: `/admin/checker-rules#${rule.toLowerCase()}`, level, place, message };
}

function generationRow({ hash, createdAt }: GenerationView, current: string | undefined): GenerationRow {
  return { hash, short: hash.slice(0, 12), at: createdAt, current: hash === current };
}
