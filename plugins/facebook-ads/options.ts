import { type Handlers, isRaw, type Option, rows, text } from 'patchbay';
import { actId, adAccounts, pages, reachableAccounts, reachablePages, readAdAccount } from './access.ts';
import { collect } from './api.ts';
import { leadFields } from './config.ts';
import type { Config, Context } from './manifest.ts';

function byLabel(options: Option[]): Option[] {
  return options.sort((a, b) => a.label.localeCompare(b.label));
}

type Loader = (ctx: Context, draft: Readonly<Record<string, unknown>>) => Promise<readonly Option[]>;

/** The form as filled in so far decides which pages are meant. */
function drafted(ctx: Context, draft: Readonly<Record<string, unknown>>): Context {
  const pageIds = Array.isArray(draft['pageIds']) ? draft['pageIds'].filter((id) => typeof id === 'string') : undefined;
  return pageIds ? { ...ctx, config: { ...ctx.config, pageIds } } : ctx;
}

async function formsOf(ctx: Context, fields: string) {
  const all = await pages(ctx);
  const lists = all.map(async (page) => {
    const listing = { path: `/${page.id}/leadgen_forms`, fields, token: page.token };
    return (await collect(ctx.http, listing)).map((form) => ({ page, form }));
  });
  return (await Promise.all(lists)).flat();
}

/** Things of the chosen ad accounts that are still there, most recently changed first. */
const ofAccounts =
  (edge: 'campaigns' | 'adsets' | 'ads'): Loader =>
  async (ctx) => {
    const accounts = await adAccounts(ctx);
    const found: Option[] = [];
    for (const account of accounts) {
      const query = { effective_status: JSON.stringify(['ACTIVE', 'PAUSED']) };
      const list = await collect(ctx.http, { path: `/${account.id}/${edge}`, fields: 'id,name,effective_status', query });
      for (const raw of list) {
        const id = text(raw['id']);
        const state = raw['effective_status'] === 'ACTIVE' ? 'active' : 'paused';
        if (id) found.push({ value: id, label: `${text(raw['name']) ?? id} (${account.name}, ${state})` });
      }
    }
    return byLabel(found);
  };

/** The choices forms offer, under the names forms call them by. */
export const options = {
  async adAccounts(ctx) {
    const all =
      ctx.method === 'manual' ? [await readAdAccount(ctx, actId(ctx.account.externalId))] : await reachableAccounts(ctx);
    return byLabel(all.map(({ id, name, currency }) => ({ value: id, label: `${name} (${id}, ${currency})` })));
  },

  async pages(ctx) {
    return byLabel((await reachablePages(ctx)).map(({ id, name }) => ({ value: id, label: name })));
  },

  async leadForms(ctx, draft) {
    const found = await formsOf(drafted(ctx, draft), 'id,name,status');
    const choices = found.flatMap(({ page, form }) => {
      const id = text(form['id']);
      return id ? [{ value: id, label: `${text(form['name']) ?? id} (${page.name})` }] : [];
    });
    return byLabel(choices);
  },

  /** The questions of the forms, and the provider's own that a mapping begins with. */
  async leadQuestions(ctx, draft) {
    const found = await formsOf(drafted(ctx, draft), 'id,questions');
    const known = Object.entries(leadFields.default) as [keyof typeof leadFields.default, string][];
    const labels = new Map(known.map(([field, key]) => [key, leadFields['x-keys'][field] as string]));
    for (const { form } of found) {
      for (const question of rows(form['questions'])) {
        const key = isRaw(question) ? text(question['key']) : undefined;
        if (key) labels.set(key, text(question['label']) ?? key);
      }
    }
    return byLabel([...labels].map(([value, label]) => ({ value, label })));
  },

  campaigns: ofAccounts('campaigns'),
  adSets: ofAccounts('adsets'),
  ads: ofAccounts('ads'),
} as const satisfies NonNullable<Handlers<Config>['options']>;
