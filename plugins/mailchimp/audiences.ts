import { type Http, type Raw, Rejected, text } from 'patchbay';
import { listed } from './api.ts';
import type { Context } from './manifest.ts';

/** Every audience of the account, oldest first. Accounts have a handful: one page of the largest size holds them. */
export async function listAudiences(http: Http): Promise<Raw[]> {
  const query = { count: 1000, sort_field: 'date_created', sort_dir: 'ASC', include_total_contacts: true };
  const { data } = await http.get('/lists', { query: { ...query, exclude_fields: '_links,lists._links' } });
  return listed(data, 'lists').filter((list) => text(list['id']));
}

/** The audience a call names, or that of the settings. @throws Rejected where there is neither */
export function audienceOf(given: string | undefined, chosen: string | undefined): string {
  const audience = given || chosen;
  if (audience) return audience;
  throw new Rejected('No audience is chosen. Choose one in the settings of this connection, or name one.', {
    fields: [{ pointer: '/audienceId', message: 'Choose an audience.' }],
  });
}

/** The audiences a stream reads: the chosen one, or all of them in an order that lasts. */
export async function audiencesToRead({ http, config }: Context): Promise<string[]> {
  if (config.audienceId) return [config.audienceId];
  return (await listAudiences(http)).map(({ id }) => String(id)).sort();
}
