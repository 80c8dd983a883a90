import { type Handlers, type Option, type Raw, text } from 'patchbay';
import { listed, listPath } from './api.ts';
import { listAudiences } from './audiences.ts';
import type { Config, Context } from './manifest.ts';

type Draft = Readonly<Record<string, unknown>>;

/** Of the audience chosen so far, of the one in the settings, or of all. */
async function audiencesMeant({ http, config }: Context, draft: Draft): Promise<string[]> {
  const chosen = text(draft['audienceId']) ?? config.audienceId;
  return chosen ? [chosen] : (await listAudiences(http)).map(({ id }) => String(id));
}

async function ofAudiences(ctx: Context, draft: Draft, load: (path: string) => Promise<Option[]>): Promise<Option[]> {
  const found: Option[] = [];
  for (const audience of await audiencesMeant(ctx, draft)) found.push(...(await load(listPath(audience))));
  const once = new Map(found.map((option) => [option.value, option]));
  return [...once.values()].sort((a, b) => a.label.localeCompare(b.label));
}

async function read({ http }: Context, path: string, list: string, query = {}): Promise<Raw[]> {
  const { data } = await http.get(path, { query: { count: 1000, ...query, exclude_fields: `_links,${list}._links` } });
  return listed(data, list);
}

function option(value: unknown, label: string): Option[] {
  const id = text(value);
  return id ? [{ value: id, label }] : [];
}

/** The choices forms offer, under the names forms call them by. */
export const options: NonNullable<Handlers<Config>['options']> = {
  async audiences({ http }) {
    const lists = await listAudiences(http);
    return lists.flatMap((list) => option(list['id'], text(list['name']) ?? String(list['id'])));
  },

  /** Tags are written by name everywhere, so the name is the value. */
  tags(ctx, draft) {
    return ofAudiences(ctx, draft, async (path) => {
      const tags = await read(ctx, `${path}/segments`, 'segments', { type: 'static' });
      return tags.flatMap(({ name }) => option(name, String(name)));
    });
  },

  mergeFields(ctx, draft) {
    return ofAudiences(ctx, draft, async (path) => {
      const fields = await read(ctx, `${path}/merge-fields`, 'merge_fields');
      return fields.flatMap(({ tag, name, type, required }) =>
        option(
          tag,
          `${text(name) ?? String(tag)} (${String(tag)}, ${text(type) ?? 'text'}${required === true ? ', required' : ''})`,
        ),
      );
    });
  },

  interests(ctx, draft) {
    return ofAudiences(ctx, draft, async (path) => {
      const found: Option[] = [];
      for (const category of await read(ctx, `${path}/interest-categories`, 'categories')) {
        const below = `${path}/interest-categories/${encodeURIComponent(String(category['id']))}/interests`;
        const interests = await read(ctx, below, 'interests');
        found.push(
          ...interests.flatMap(({ id, name }) => option(id, `${text(category['title']) ?? ''}: ${text(name) ?? String(id)}`)),
        );
      }
      return found;
    });
  },
};
