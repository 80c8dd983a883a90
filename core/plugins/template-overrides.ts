import type { Sql } from '../database/transaction.ts';
import { type FieldFault, NotFound, Rejected } from '../sdk/index.ts';
import { PLUGIN_ID } from './discover.ts';
import type { Registry, Template } from './registry.ts';
import type { CardManifest, TemplateOverrides as Written } from './template-entity.ts';
import type { LockedTemplate, TemplateContent, TemplateOverrideStore } from './template-override-store.ts';
import { type CardTexts, textFaults } from './template-text.ts';

export interface TemplateChange extends CardTexts {
  /** False: no store may connect it anew. */
  readonly active?: boolean;
}

export interface NewCard {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  readonly category: string;
  readonly docs?: string | undefined;
  readonly icon?: string | undefined;
}

/** What is done beside a change, in its transaction. */
export type Also = (sql: Sql) => Promise<void>;

/** `GET …/integration-templates/active` is a list. */
const RESERVED = ['active', 'new'];

/** What operators write over plugins' cards, and the cards they write where there is no plugin yet. */
export class TemplateOverrides {
  readonly #store: TemplateOverrideStore;
  readonly #registry: Registry;

  constructor({ store, registry }: { store: TemplateOverrideStore; registry: Registry }) {
    this.#store = store;
    this.#registry = registry;
  }

  /** A coming-soon card without code. @throws Rejected naming the field at fault, or `CONFLICT` for an id that is taken */
  async create({ id, name, summary, category, docs, icon }: NewCard, also: Also): Promise<Template> {
    refuse([...idFaults(id), ...textFaults({ name, summary, category, docs: docs ?? null, icon: icon ?? null })]);
    const card: CardManifest = {
      sdk: 1,
      comingSoon: true,
      name: name.trim(),
      summary: summary.trim(),
      category,
      ...(docs !== undefined && { docs }),
      ...(icon !== undefined && { icon }),
    };
    await this.#store.transaction(async (sql) => {
      if (this.#registry.known(id) || !(await this.#store.insertCard(sql, id, card))) throw taken(id);
      await also(sql);
    });
    return this.#shown(id);
  }

  /** @throws NotFound, or Rejected naming every field at fault */
  async change(id: string, change: TemplateChange, also: Also): Promise<Template> {
    refuse(textFaults(change));
    await this.#store.transaction(async (sql) => {
      const before = await this.#lock(sql, id);
      await this.#store.update(sql, id, isCard(before) ? changedCard(before, change) : changedPlugin(before, change));
      await also(sql);
    });
    return this.#shown(id);
  }

  /** Takes a card without a folder away. @throws Rejected (`CONFLICT`) where the folder is there or integrations are kept */
  async remove(id: string, also: Also): Promise<void> {
    await this.#store.transaction(async (sql) => {
      const { contentHash, state } = await this.#lock(sql, id);
      if (contentHash !== null && state !== 'missing') {
        throw conflict(`The folder of "${id}" is there: remove it first, or switch the template off.`);
      }
      const held = await this.#store.remove(sql, id);
      if (held > 0) {
        throw conflict(`Stores keep ${held} ${held === 1 ? 'integration' : 'integrations'} of "${id}"; its card has to stay.`);
      }
      await also(sql);
    });
    await this.#registry.refresh();
  }

  async #shown(id: string): Promise<Template> {
    await this.#registry.refresh();
    const template = this.#registry.template(id);
    if (template) return template;
    throw new NotFound(`The template "${id}" was removed meanwhile.`);
  }

  async #lock(sql: Sql, id: string): Promise<LockedTemplate> {
    if (!this.#registry.known(id)) throw new NotFound(`There is no template "${id.slice(0, 60)}".`);
    const found = await this.#store.lock(sql, id);
    if (found) return found;
    // A folder that cannot be a plugin has a card to say so, but nothing that could be changed.
    throw conflict(`"${id}" cannot be a plugin; mend its folder first.`);
  }
}

/** Is it a card an operator wrote, and no plugin's? */
function isCard({ contentHash, state }: Pick<LockedTemplate, 'contentHash' | 'state'>): boolean {
  return contentHash === null && state === 'coming-soon';
}

/** The operator's own card is changed itself: nothing of it may lie over the plugin that comes one day. */
function changedCard({ manifest, overrides, active }: LockedTemplate, change: TemplateChange): TemplateContent {
  const needed = (['name', 'summary', 'category'] as const).filter((field) => change[field] === null);
  const faults = needed.map((field) => ({ pointer: `/${field}`, message: 'A card without code needs this.' }));
  if (change.guides) faults.push({ pointer: '/guides', message: 'A card without code has no way to connect, so no guide.' });
  refuse(faults);
  const { name, summary, category, docs, icon } = change;
  const texts = { name: name?.trim(), summary: summary?.trim(), category, docs, icon };
  return { manifest: written(manifest as CardManifest, texts), overrides, active: change.active ?? active };
}

function changedPlugin({ manifest, overrides, active }: LockedTemplate, change: TemplateChange): TemplateContent {
  const { name, summary, category, icon, docs, guides } = change;
  if (docs !== undefined) refuse([{ pointer: '/docs', message: 'This is told by the plugin; only cards without code have it.' }]);
  const methods: readonly string[] = manifest && 'auth' in manifest ? manifest.auth.map(({ method }) => method) : [];
  const strange = Object.entries(guides ?? {}).filter(
    ([method, guide]) => typeof guide === 'string' && !methods.includes(method),
  );
  refuse(strange.map(([method]) => ({ pointer: `/guides/${method}`, message: `It cannot be connected by ${method}.` })));
  const texts = { name: name?.trim() ?? name, summary: summary?.trim() ?? summary, category, icon };
  const { guides: _, ...rest } = written<Written>(overrides, texts);
  const told = written(overrides.guides ?? {}, guides ?? {});
  const all = Object.keys(told).length > 0 ? { ...rest, guides: told } : rest;
  return { manifest, overrides: all, active: change.active ?? active };
}

/** `base` with what is given; null takes a value away. */
function written<T extends object>(base: T, change: Readonly<Record<string, unknown>>): T {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return Object.fromEntries(Object.entries({ ...base, ...Object.fromEntries(given) }).filter(([, value]) => value !== null)) as T;
}

function idFaults(id: string): FieldFault[] {
  if (!PLUGIN_ID.test(id)) {
    return [{ pointer: '/id', message: 'Use 2 to 40 lower-case letters, digits and hyphens, beginning with a letter.' }];
  }
  return RESERVED.includes(id) ? [{ pointer: '/id', message: `"${id}" means something else here; choose another id.` }] : [];
}

function refuse(fields: readonly FieldFault[]): void {
  if (fields.length > 0)
    throw new Rejected(
      fields
        .map(({ message }) => message)
        .slice(0, 3)
        .join(' '),
      { fields },
    );
}

function taken(id: string): Rejected {
  const message = `There is a template "${id}" already.`;
  return new Rejected(message, { code: 'CONFLICT', fields: [{ pointer: '/id', message }] });
}

function conflict(message: string): Rejected {
  return new Rejected(message, { code: 'CONFLICT' });
}
