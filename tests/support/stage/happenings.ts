import { NoticeLinks } from '../../../core/notices/notice-links.ts';
import type { Hub } from '../hub.ts';
import { post, signIn } from '../people.ts';
import { until } from '../wait.ts';

const STORE = '/api/stores/default';
type Person = { readonly email: string; readonly password: string };

/** Paths of links that somebody was sent. */
export interface Sent {
  readonly connect: string;
  readonly invitation: string;
  readonly reset: string;
  readonly stop: string;
}

/** What makes the pages of a store full: messages, failures, an end, a pause, an archive, systems that are told, a store that is gone. */
export async function happen(hub: Hub, owner: Person): Promise<void> {
  await hub.sandbox('leadconnector', 'addContact', { firstName: 'Sandra', lastName: 'Box', email: 'sandra@example.com' });
  await hub.sandbox('leadconnector', 'changeContact', { firstName: 'Alexandra' });
  const handled = () => hub.rows(`select id from webhook_events where state = 'handled' order by seq`);
  const [first] = await until(async () => ((await handled()).length >= 2 ? handled() : undefined), { what: 'two messages' });
  await hub.rows(`update webhook_events set state = 'dead', reason = 'No calendar fits.', attempts = 5 where id = $1`, [
    first?.['id'],
  ]);
  await hub.sandbox('stripe', 'rollKey');
  await ok(hub.api('POST', `${STORE}/integrations/stripe/test`, {}), 'the test of an old key', 422);
  await ok(hub.api('PATCH', `${STORE}/integrations/google-analytics`, { enabled: false }), 'the pause');
  await ok(hub.api('DELETE', `${STORE}/integrations/facebook-ads`), 'the end');
  await hub.rows(
    `insert into set_ups (store_id, id, plugin_id, integration_id, connected_at, configured_at)
     select store_id, gen_random_uuid(), plugin_id, id, now(), now() from integrations where plugin_id = 'mailchimp'
     on conflict do nothing`,
  );
  const about = { url: 'https://hooks.example.com/in', events: ['integration.needs_attention'], description: 'Our till' };
  await ok(hub.api('POST', `${STORE}/webhooks`, about), 'the webhook');
  await post(await signIn(hub, owner), '/privacy', '/privacy/exports');
  await until(async () => (await hub.rows(`select 1 from store_exports where status = 'done'`)).length > 0, {
    what: 'the archive',
  });
  await hub.rows(
    `insert into webhook_spool (store_id, integration_id, count, events, problem)
     select store_id, id, 3, '', 'It is damaged.' from integrations where plugin_id = 'mailchimp'`,
  );
  await ok(hub.api('POST', '/api/admin/stores', { slug: 'riverside', name: 'Riverside Dental' }), 'a store');
  await ok(hub.api('DELETE', '/api/admin/stores/riverside', { slug: 'riverside' }), 'its end');
  const gone = () => hub.rows('select 1 from store_deletions where proof is not null');
  await until(async () => (await gone()).length > 0, { what: 'the store to be gone' });
}

export async function send(hub: Hub, operator: Person): Promise<Sent> {
  const browser = await signIn(hub, operator);
  const link = { plugin: 'leadconnector', returnUrl: 'https://app.example.com/back' };
  const { url } = await ok(hub.api('POST', `${STORE}/connect-links`, link), 'the link');
  const invited = await post(browser, '/people', '/people/invite', { email: 'eve@example.com', role: 'staff' });
  await post(browser, '/admin/integrations', '/admin/integrations', { action: 'test', plugin: 'leadconnector', all: 'yes' });
  const tested = () => hub.rows('select 1 from bulk_jobs where batch is not null and ended_at is not null');
  await until(async () => (await tested()).length > 0, { what: 'the test of many' });
  const [user] = await hub.rows<{ id: string; store: string }>(
    `select u.id, m.store_id as store from users u join memberships m on m.user_id = u.id where u.email = 'ben@example.com'`,
  );
  const at = `/admin/users/${user?.id}`;
  const reset = await post(browser, at, `${at}/reset-link`);
  const notices = new NoticeLinks({ publicUrl: hub.config.publicUrl, secret: hub.config.sessionSecret });
  return {
    connect: pathOf(url),
    invitation: linkIn(invited.text, 'invitations'),
    reset: linkIn(reset.text, 'reset'),
    stop: pathOf(notices.unsubscribe(user?.store ?? '', user?.id ?? '')),
  };
}

async function ok(call: ReturnType<Hub['api']>, what: string, wanted?: number) {
  const { status, body } = await call;
  if (wanted === undefined ? status >= 300 : status !== wanted) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
  return body;
}

const pathOf = (url: string) => new URL(url).pathname;

function linkIn(html: string, kind: string): string {
  const link = new RegExp(`/${kind}/[\\w-]{43}`).exec(html)?.[0];
  if (!link) throw new Error(`no link to ${kind} in ${html.slice(0, 2000)}`);
  return link;
}
