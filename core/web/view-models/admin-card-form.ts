import type { Template } from '../../plugins/registry.ts';
import type { TemplateChange } from '../../plugins/template-overrides.ts';
import { type Auth, CATEGORIES, type FieldFault, type Form, type TextField } from '../../sdk/index.ts';
import { isCardOnly } from '../plugin-facts.ts';
import { t } from '../words/texts.ts';
import { categoryTitle } from './cards-view.ts';
import { type FieldView, formView } from './form-view.ts';
import { manifestOf } from './plugin-view.ts';

const iconField = (): TextField => ({
  type: 'string',
  title: t('admin.card.icon'),
  description: t('admin.card.iconHint'),
  'x-multiline': true,
  'x-placeholder': '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">…</svg>',
});

/** Fields of a card that is written from nothing. */
export const newCardForm = (): Form => ({
  type: 'object',
  required: ['id', 'name', 'summary', 'category'],
  properties: {
    id: {
      type: 'string',
      title: t('admin.id'),
      description: t('admin.card.idHint'),
      maxLength: 40,
      pattern: '^[a-z][a-z0-9-]{1,39}$',
      'x-placeholder': 'acme-crm',
    },
    name: { type: 'string', title: t('configure.name'), maxLength: 60 },
    summary: {
      type: 'string',
      title: t('admin.card.summary'),
      description: t('admin.card.summaryHint'),
      maxLength: 200,
    },
    category: { type: 'string', title: t('admin.category'), enum: CATEGORIES, 'x-labels': categoryLabels() },
    docs: { type: 'string', title: t('admin.card.docs'), description: t('admin.card.docsHint'), format: 'uri' },
    icon: iconField(),
  },
});

/** Of each category, in the reader's language. */
function categoryLabels(): Record<string, string> {
  return Object.fromEntries(CATEGORIES.map((category) => [category, categoryTitle(category)]));
}

/** What may be written over a template, with what the plugin itself says beside each field. */
export function cardForm(template: Template): Form {
  if (isCardOnly(template)) {
    const { id: _, ...properties } = newCardForm().properties;
    return { type: 'object', required: ['name', 'summary', 'category'], properties };
  }
  const own = template.manifest;
  const asIs = (value: string | undefined) => (value ? t('admin.card.asIs', { value }) : t('admin.card.blank'));
  const guides = (manifestOf(template)?.auth ?? []).map(({ method, title }): [string, TextField] => [
    `guide-${method}`,
    {
      type: 'string',
      title: t('admin.card.guide', { title }),
      description: t(`admin.card.guideHint.${method}`),
      'x-multiline': true,
    },
  ]);
  const choices = {
    ...categoryLabels(),
    '': own ? t('admin.card.asPlugin', { category: categoryTitle(own.category) }) : t('admin.card.asPluginHas'),
  };
  return {
    type: 'object',
    properties: {
      name: { type: 'string', title: t('configure.name'), description: asIs(own?.name), maxLength: 60 },
      summary: { type: 'string', title: t('admin.card.summary'), description: asIs(own?.summary), maxLength: 200 },
      category: { type: 'string', title: t('admin.category'), enum: ['', ...CATEGORIES], default: '', 'x-labels': choices },
      icon: { ...iconField(), description: `${t('admin.card.iconHint')} ${t('admin.card.blank')}` },
      ...Object.fromEntries(guides),
    },
  };
}

/** The fields with what is written over now, or what was typed. */
export function cardFields(
  template: Template,
  typed?: Readonly<Record<string, unknown>>,
  faults: readonly FieldFault[] = [],
): FieldView[] {
  const values = { ...writtenValues(template), ...typed };
  return formView({ form: cardForm(template), prefix: 'card-', values, faults: faults.map(flat) });
}

/** The change a posted form asks for: what is left blank goes back to the plugin's own. */
export function cardChange(template: Template, posted: Readonly<Record<string, unknown>>): TemplateChange {
  const text = (name: string): string | null => {
    const value = posted[name];
    return typeof value === 'string' && value.trim() !== '' ? value.replaceAll('\r\n', '\n').trim() : null;
  };
  const texts = { name: text('name'), summary: text('summary'), category: text('category'), icon: text('icon') };
  if (isCardOnly(template)) return { ...texts, docs: text('docs') };
  const methods = (manifestOf(template)?.auth ?? []).map(({ method }) => method);
  const guides = Object.fromEntries(methods.map((method: Auth['method']) => [method, text(`guide-${method}`)]));
  return { ...texts, guides };
}

function writtenValues(template: Template): Record<string, unknown> {
  if (isCardOnly(template)) {
    const { name, summary, category, manifest, icon } = template;
    return { name, summary, category, docs: manifest?.docs, icon };
  }
  const { guides, ...texts } = template.overrides;
  const written = Object.entries(guides ?? {}).map(([method, guide]) => [`guide-${method}`, guide] as const);
  return { category: '', ...texts, ...Object.fromEntries(written) };
}

/** `/guides/oauth` → `/guide-oauth`, as the input is called. */
function flat({ pointer, message }: FieldFault): FieldFault {
  return { pointer: pointer.replace('/guides/', '/guide-'), message };
}

/** The plugin's own guides, to begin from. */
export function ownGuides(template: Template): { title: string; text: string }[] {
  return (manifestOf(template)?.auth ?? []).map(({ title, guide }) => ({ title, text: guide }));
}
