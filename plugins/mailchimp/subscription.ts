import { hubError, isRaw, Rejected, type Subscribed, TryLater, text } from 'patchbay';
import { listed, listPath } from './api.ts';
import { WEBHOOK_EVENTS } from './config-form.ts';
import type { Context } from './manifest.ts';

/** Said of a subscription whose calls carry no signature. */
export const UNSIGNED = 'unsigned';

/** https://mailchimp.com/developer/marketing/api/list-webhooks/ */
export async function subscribe({ http, config }: Context, url: string): Promise<Subscribed | undefined> {
  const { audienceId: listId, webhookEvents: wanted = WEBHOOK_EVENTS } = config;
  if (!listId || wanted.length === 0) return undefined;
  const path = `${listPath(listId)}/webhooks`;
  await forget(http, path, url);
  const made = http.post(path, {
    json: {
      url,
      events: Object.fromEntries(WEBHOOK_EVENTS.map((event) => [event, wanted.includes(event)])),
      // What an absent one means is not documented; our own writes must not come back.
      sources: { user: true, admin: true, api: false },
    },
    // The provider asks our address before it answers.
    timeoutMs: 45_000,
  });
  const { data } = await made.catch(unreachable);
  const id = isRaw(data) ? text(data['id']) : undefined;
  if (!id || !isRaw(data)) throw new TryLater('Mailchimp did not say whether it reports changes. Save the settings once more.');
  const signingSecret = text(data['signing_secret']);
  // Shown now and never again.
  return { id: `${listId}/${id}`, secrets: { listId, ...(signingSecret ? { signingSecret } : { signing: UNSIGNED }) } };
}

/** Mailchimp's own words ("We couldn't verify the URL you entered") are not for somebody who entered none. */
function unreachable(error: unknown): never {
  if (!/verify the URL/i.test(hubError(error)?.message ?? '')) throw error;
  throw new Rejected(
    'Mailchimp cannot reach this hub, so changes come with syncs only. Those who run the hub must make its address reachable from outside (PUBLIC_URL); then save the settings once more.',
    { cause: error },
  );
}

/** A webhook left over under our address: its secret is lost, and a second one there is refused. */
async function forget(http: Context['http'], path: string, url: string): Promise<void> {
  const { data } = await http.get(path);
  for (const old of listed(data, 'webhooks')) {
    if (old['url'] === url && text(old['id'])) await http.delete(`${path}/${encodeURIComponent(String(old['id']))}`);
  }
}

export async function unsubscribe({ http }: Context, subscription: string): Promise<void> {
  const [listId = '', id = ''] = subscription.split('/');
  try {
    await http.delete(`${listPath(listId)}/webhooks/${encodeURIComponent(id)}`);
  } catch (error) {
    // Removed in Mailchimp, or gone with its audience.
    if (hubError(error)?.consequence !== 'not-found') throw error;
  }
}
