import { createHash } from 'node:crypto';
import { type Checkpoint, type Item, isoTime, type Page, picked, type Raw, rows, type Stream, text } from 'patchbay';
import { type PageAccess, pages } from './access.ts';
import { collect, listPages } from './api.ts';
import { leadFields } from './config.ts';
import { CURSOR_MS, marksOf } from './entities.ts';
import { naming } from './kept-back.ts';
import type { Config, Context } from './manifest.ts';
import { leadModel } from './models.ts';

export const LEAD_FIELDS =
  'id,created_time,ad_id,ad_name,adset_id,adset_name,campaign_id,campaign_name,form_id,is_organic,platform,field_data,custom_disclaimer_responses';
const FORM_FIELDS = 'id,name,status,locale,questions,leads_count,created_time';

const DAY_MS = 86_400_000;
/** The provider gives leads away for this long. */
const KEPT_MS = 90 * DAY_MS;
/** Lists lag behind what came in. */
const OVERLAP_MS = 10 * 60_000;

async function* leadForms(ctx: Context): AsyncGenerator<Page, void> {
  const all = await pages(ctx);
  if (all.length === 0) yield { items: [], checkpoint: { pages: 0 } };
  for (const page of all) {
    for await (const { rows: forms, next } of naming(ctx, page, listPages(ctx.http, formListing(page)))) {
      yield { items: forms.flatMap((form) => formItem(form, page) ?? []), checkpoint: { at: page.id, after: next ?? null } };
    }
  }
}

function formListing(page: PageAccess) {
  return { path: `/${page.id}/leadgen_forms`, fields: FORM_FIELDS, token: page.token };
}

function formItem(raw: Raw, page: PageAccess): Item | undefined {
  const id = text(raw['id']);
  return id ? { id, data: { ...picked(raw, FORM_FIELDS.split(',')), page_id: page.id, page_name: page.name } } : undefined;
}

/** Where the leads were left: which page and form, after which cursor, and when the page was begun (milliseconds). */
interface Open {
  readonly at: string;
  readonly began: number;
  readonly form: string;
  readonly after: string | null;
}

/** Page by page, form by form, what came in since the last run. Other forms chosen: all that can still be had. */
async function* leads(ctx: Context, from: Checkpoint | null): AsyncGenerator<Page, void> {
  const chosen = choiceOf(ctx);
  const known = from?.['forms'] === chosen ? from : null;
  const marks = marksOf(known);
  const open = openOf(known);
  const all = await pages(ctx);
  if (all.length === 0) yield { items: [], checkpoint: { forms: chosen, pages: 0 } };
  for (const page of all) {
    const resumed = open?.at === page.id && Date.now() - open.began < CURSOR_MS ? open : undefined;
    const began = resumed?.began ?? Date.now();
    const since = Math.max(marks[page.id] ?? 0, Date.now() - KEPT_MS + OVERLAP_MS) - OVERLAP_MS;
    for await (const step of naming(ctx, page, leadsOf(ctx, { page, since, resumed }))) {
      if (step.place) yield { items: step.items, checkpoint: { forms: chosen, ...marks, at: page.id, began, ...step.place } };
      else {
        marks[page.id] = began;
        yield { items: step.items, checkpoint: { forms: chosen, ...marks } };
      }
    }
  }
}

interface Step {
  readonly items: readonly Item[];
  /** None after the last lead of the page. */
  readonly place: Pick<Open, 'form' | 'after'> | undefined;
}

async function* leadsOf(
  ctx: Context,
  given: { page: PageAccess; since: number; resumed: Open | undefined },
): AsyncGenerator<Step, void> {
  const { page, since, resumed } = given;
  const forms = await formIds(ctx, page);
  const left = resumed ? forms.filter((id) => id >= resumed.form) : forms;
  if (left.length === 0) yield { items: [], place: undefined };
  const filtering = JSON.stringify([{ field: 'time_created', operator: 'GREATER_THAN', value: Math.floor(since / 1000) }]);
  for (const [index, form] of left.entries()) {
    const listing = { path: `/${form}/leads`, fields: LEAD_FIELDS, query: { filtering }, token: page.token };
    const cursor = resumed?.form === form ? (resumed.after ?? undefined) : undefined;
    for await (const { rows: found, next } of listPages(ctx.http, listing, cursor)) {
      const following = left[index + 1];
      const place = next ? { form, after: next } : following === undefined ? undefined : { form: following, after: null };
      yield { items: found.flatMap((raw) => leadItem(raw, page.id, ctx.config) ?? []), place };
    }
  }
}

async function formIds(ctx: Context, page: PageAccess): Promise<string[]> {
  const found = await collect(ctx.http, { ...formListing(page), fields: 'id' });
  const chosen = ctx.config.leadFormIds ?? [];
  const ids = found.flatMap(({ id }) => text(id) ?? []);
  return ids.filter((id) => chosen.length === 0 || chosen.includes(id)).sort();
}

/** One shape, whether it was listed or fetched after a webhook. `undefined` where the lead has no id. */
export function leadItem(raw: Raw, page: string, config: Config): Item | undefined {
  const id = text(raw['id']);
  if (!id) return undefined;
  const answers = answersOf(raw);
  const mapped = Object.entries(config.leadFields ?? leadFields.default).flatMap(([field, question]) => {
    const value = answers.get(question);
    return value ? [[field, value] as const] : [];
  });
  const createdAt = isoTime(raw['created_time']);
  return {
    id,
    data: {
      ...picked(raw, LEAD_FIELDS.split(',')),
      page_id: page,
      ...labelled(new Map(mapped)),
      contact: Object.fromEntries(mapped),
      tags: config.leadTags ?? [],
    },
    ...(createdAt && { updatedAt: createdAt }),
  };
}

/** What a list of leads shows. */
function labelled(contact: ReadonlyMap<string, string>): { label?: string } {
  const full = [contact.get('firstName'), contact.get('lastName')].filter(Boolean).join(' ');
  const label = contact.get('name') || full || contact.get('email') || contact.get('phone');
  return label ? { label } : {};
}

function answersOf(raw: Raw): Map<string, string> {
  const given = rows(raw['field_data']).flatMap(({ name, values }) => {
    const value = Array.isArray(values) ? values.filter((one) => typeof one === 'string').join(', ') : '';
    return typeof name === 'string' && value !== '' ? [[name, value] as const] : [];
  });
  return new Map(given);
}

/** Short, whatever was chosen. */
function choiceOf({ config }: Context): string {
  const { leadFormIds = [], leadTags = [], leadFields: fields = {} } = config;
  const chosen = JSON.stringify([[...leadFormIds].sort(), leadTags, fields]);
  return createHash('sha256').update(chosen).digest('base64url').slice(0, 16);
}

function openOf(from: Checkpoint | null): Open | undefined {
  const { at, began, form, after = null } = (from ?? {}) as Partial<Open>;
  if (typeof at !== 'string' || typeof began !== 'number' || typeof form !== 'string') return undefined;
  return { at, began, form, after };
}

export const leadFormStream: Stream<Config> = {
  title: 'Lead forms',
  mode: 'full',
  sync: leadForms,
  follows: ['pageIds'],
  covers: (data, _startedAt, config) => isOfChosen(data['page_id'], config?.pageIds) || 'unchosen',
};

export const leadStream: Stream<Config> = {
  title: 'Leads',
  mode: 'incremental',
  model: leadModel,
  sync: leads,
  follows: ['pageIds', 'leadFormIds'],
  // The provider gives away the latest ones only: that it has one no more says nothing.
  covers: ({ page_id, form_id }, _startedAt, config) =>
    isOfChosen(page_id, config?.pageIds) && isOfChosen(form_id, config?.leadFormIds) ? false : 'unchosen',
};

/** None chosen means all; and what does not say whose it is stays. */
function isOfChosen(id: unknown, chosen: readonly string[] = []): boolean {
  return chosen.length === 0 || id === undefined || chosen.includes(String(id));
}
