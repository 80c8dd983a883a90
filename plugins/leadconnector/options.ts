import { type Handlers, type Option, type Raw, rows, text } from 'patchbay';
import { listCalendars, listed, listPipelines } from './api.ts';
import type { Config } from './manifest.ts';

function choice(raw: Raw): Option[] {
  const value = text(raw['id']);
  return value ? [{ value, label: text(raw['name']) ?? value }] : [];
}

function byLabel(options: Option[]): Option[] {
  return options.sort((a, b) => a.label.localeCompare(b.label));
}

/** The choices forms offer, under the names forms call them by. */
export const options: NonNullable<Handlers<Config>['options']> = {
  async calendars(ctx) {
    return byLabel((await listCalendars(ctx.http, ctx.account.externalId)).flatMap(choice));
  },

  async pipelines(ctx) {
    return (await listPipelines(ctx.http, ctx.account.externalId)).flatMap(choice);
  },

  /** Stages of the pipeline chosen so far, or of the default one; without either, of all. */
  async stages(ctx, draft) {
    const wanted = text(draft['pipelineId']) ?? ctx.config.pipelineId;
    const pipelines = await listPipelines(ctx.http, ctx.account.externalId);
    const all = pipelines.some((pipeline) => pipeline['id'] === wanted) ? pipelines.filter(({ id }) => id === wanted) : pipelines;
    return all.flatMap((pipeline) =>
      rows(pipeline['stages'])
        .flatMap(choice)
        .map(({ value, label }) => ({ value, label: all.length === 1 ? label : `${text(pipeline['name']) ?? ''}: ${label}` })),
    );
  },

  /** Tags are written by name everywhere, so the name is the value. */
  async tags(ctx) {
    const reply = await ctx.http.get<Raw>(`/locations/${encodeURIComponent(ctx.account.externalId)}/tags`);
    return byLabel(
      listed(reply.data, 'tags').flatMap((tag) => {
        const name = text(tag['name']);
        return name ? [{ value: name, label: name }] : [];
      }),
    );
  },

  async users(ctx) {
    const reply = await ctx.http.get<Raw>('/users/', { query: { locationId: ctx.account.externalId } });
    return byLabel(listed(reply.data, 'users').flatMap(choice));
  },
};
