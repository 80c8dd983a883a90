import { memberPath } from './api.ts';
import type { Context } from './manifest.ts';

/** Names as Mailchimp knows them, each once. */
export function namesOf({ config }: Context, tags: readonly string[]): string[] {
  const renamed = new Map((config.tagMap ?? []).map(({ store, mailchimp }) => [store.toLowerCase(), mailchimp]));
  return [
    ...new Set(
      tags
        .map((tag) => tag.trim())
        .filter(Boolean)
        .map((tag) => renamed.get(tag.toLowerCase()) ?? tag),
    ),
  ];
}

/** May this tag or event start an automation? Otherwise it is sent as a sync, which starts none. */
export function starts({ config }: Context, what: { readonly tag: string } | { readonly event: string }): boolean {
  const { automations = 'all', automationTags = [], automationEvents = [] } = config;
  if (automations !== 'chosen') return automations === 'all';
  const [name, chosen] = 'tag' in what ? [what.tag, automationTags] : [what.event, automationEvents];
  return chosen.some((one) => one.trim().toLowerCase() === name.toLowerCase());
}

export interface Tagging {
  readonly listId: string;
  readonly email: string;
  readonly tags: readonly string[];
  readonly status: 'active' | 'inactive';
}

/** One call for the tags that may start automations, one for those that may not. Setting a tag twice is setting it once. */
export async function setTags(ctx: Context, { listId, email, tags, status }: Tagging): Promise<void> {
  for (const syncing of [false, true]) {
    const some = tags.filter((tag) => starts(ctx, { tag }) !== syncing);
    if (some.length === 0) continue;
    await ctx.http.post(`${memberPath(listId, email)}/tags`, {
      json: { tags: some.map((name) => ({ name, status })), is_syncing: syncing },
      idempotent: true,
    });
  }
}
