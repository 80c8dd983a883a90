import type { Template } from '../../plugins/registry.ts';
import type { TemplateChange } from '../../plugins/template-overrides.ts';
import { type Auth, CATEGORIES, type FieldFault, type Form, type TextField } from '../../sdk/index.ts';
import { isCardOnly } from '../plugin-facts.ts';
import { type FieldView, formView } from './form-view.ts';
import { manifestOf } from './plugin-view.ts';

const METHODS = { oauth: 'consent', manual: 'keys' } as const;
const ICON: TextField = {
  type: 'string',
  title: 'Icon',
  description: 'The text of an SVG file under 20 KB: shapes and colours only, nothing that runs or loads.',
  'x-multiline': true,
  'x-placeholder': '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">…</svg>',
};

/** Fields of a card that is written from nothing. */
export const newCardForm: Form = {
  type: 'object',
  required: ['id', 'name', 'summary', 'category'],
  properties: {
    id: {
      type: 'string',
      title: 'Id',
      description: 'What the plugin’s folder will be called. The plugin takes the card over when it comes.',
      maxLength: 40,
      pattern: '^[a-z][a-z0-9-]{1,39}$',
      'x-placeholder': 'acme-crm',
    },
    name: { type: 'string', title: 'Name', maxLength: 60 },
    summary: {
      type: 'string',
      title: 'Summary',
      description: 'One sentence on the card: what a store will get.',
      maxLength: 200,
    },
    category: { type: 'string', title: 'Category', enum: CATEGORIES },
    docs: { type: 'string', title: 'Documentation', description: 'Where the provider describes its API.', format: 'uri' },
    icon: ICON,
  },
};

/** What may be written over a template, with what the plugin itself says beside each field. */
export function cardForm(template: Template): Form {
  if (isCardOnly(template)) {
    const { id: _, ...properties } = newCardForm.properties;
    return { type: 'object', required: ['name', 'summary', 'category'], properties };
  }
  const own = template.manifest;
  const asIs = (value: string | undefined) => `Leave blank for the plugin’s own${value ? `: “${value}”` : '.'}`;
  const guides = (manifestOf(template)?.auth ?? []).map(({ method, title }): [string, TextField] => [
    `guide-${method}`,
    {
      type: 'string',
      title: `Guide: ${title}`,
      description: `Markdown, shown to stores that connect by ${METHODS[method]}. {{redirectUri}}, {{webhookUrl}} and {{brand}} are filled in. Leave blank for the plugin’s own.`,
      'x-multiline': true,
    },
  ]);
  const choices = { '': `As the plugin has it${own ? ` (${own.category})` : ''}` };
  return {
    type: 'object',
    properties: {
      name: { type: 'string', title: 'Name', description: asIs(own?.name), maxLength: 60 },
      summary: { type: 'string', title: 'Summary', description: asIs(own?.summary), maxLength: 200 },
      category: { type: 'string', title: 'Category', enum: ['', ...CATEGORIES], default: '', 'x-labels': choices },
      icon: { ...ICON, description: `${ICON.description} Leave blank for the plugin’s own.` },
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
