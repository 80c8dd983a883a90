import { randomBytes } from 'node:crypto';
import type { Raw } from 'patchbay';
import type { Doc } from './base.ts';
import { audienceIn, type Call, DONE, json, type Route } from './call.ts';
import { refusals } from './problems.ts';

const EVENTS = ['subscribe', 'unsubscribe', 'profile', 'cleaned', 'upemail', 'campaign'];
const SOURCES = ['user', 'admin', 'api'];

/** The secret is shown when the webhook is made, and never again. */
function shown({ key: _, signing_secret: __, ...rest }: Doc): Raw {
  return { ...rest, _links: [] };
}

function flags(given: unknown, names: readonly string[]): Record<string, boolean> {
  const body = (given ?? {}) as Raw;
  return Object.fromEntries(names.map((name) => [name, body[name] === true]));
}

async function create(call: Call) {
  const { id: listId } = audienceIn(call);
  const url = String(call.body['url'] ?? '');
  if (!URL.canParse(url)) throw refusals.invalid([{ field: 'url', message: 'We could not verify the URL of this webhook.' }]);
  const bare = (address: unknown) => String(address).split('?')[0];
  // Addresses that differ in their query alone count as the same.
  if (call.world.at('webhooks', listId).some((doc) => bare(doc['url']) === bare(url))) {
    throw refusals.invalid([{ field: 'url', message: "Sorry, you can't set up multiple WebHooks for one URL" }]);
  }
  const status = await call.hooks.validate(url);
  if (status < 200 || status > 299) {
    const message = `We couldn't verify the URL you entered: it answered ${status || 'nothing'}.`;
    throw refusals.invalid([{ field: 'url', message }]);
  }
  const id = randomBytes(5).toString('hex');
  const secret = call.hooks.signing ? { signing_secret: randomBytes(24).toString('base64url') } : {};
  const doc = {
    key: `${listId}:${id}`,
    id,
    url,
    events: flags(call.body['events'], EVENTS),
    sources: flags(call.body['sources'], SOURCES),
    list_id: listId,
    signing_enabled: call.hooks.signing,
    ...secret,
  };
  call.world.put('webhooks', doc);
  return json({ ...shown(doc), ...secret });
}

function one(call: Call): Doc {
  const found = call.world.get('webhooks', `${audienceIn(call).id}:${call.params[1]}`);
  if (!found) throw refusals.missing();
  return found;
}

export const webhookRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/lists/{list}/webhooks',
    run(call) {
      const { id } = audienceIn(call);
      const all = call.world.at('webhooks', id);
      return json({ webhooks: all.map(shown), list_id: id, total_items: all.length, _links: [] });
    },
  },
  { method: 'POST', path: '/lists/{list}/webhooks', run: create },
  { method: 'GET', path: '/lists/{list}/webhooks/{id}', run: (call) => json(shown(one(call))) },
  {
    method: 'DELETE',
    path: '/lists/{list}/webhooks/{id}',
    run(call) {
      call.world.remove('webhooks', one(call).key);
      return DONE;
    },
  },
];
