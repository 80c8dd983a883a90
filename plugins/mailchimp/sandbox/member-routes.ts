import { hashOf, memberKey } from './base.ts';
import { audienceIn, byTime, type Call, DONE, json, momentIn, paged, type Route, trimmed } from './call.ts';
import { Members, type Writing } from './members.ts';
import { Refusal, refusals } from './problems.ts';

const desk = ({ world }: Call) => new Members(world);

function one(call: Call) {
  const found = desk(call).find(audienceIn(call).id, call.params[1]);
  if (!found) throw refusals.missing();
  return found;
}

function writing(call: Call): Writing {
  const skipRequired = call.req.query.get('skip_merge_validation') === 'true';
  return { audience: audienceIn(call), body: call.body, now: call.now, skipRequired };
}

/** Archived contacts come only when asked for. */
function list(call: Call) {
  const { query } = call.req;
  const status = query.get('status');
  const [since, before] = [momentIn(call, 'since_last_changed'), momentIn(call, 'before_last_changed')];
  const wanted = call.world.at('members', audienceIn(call).id).filter((doc) => {
    const changed = Date.parse(String(doc['last_changed']));
    const fits = status === null ? doc['status'] !== 'archived' : doc['status'] === status;
    return fits && (since === undefined || changed > since) && (before === undefined || changed < before);
  });
  const docs = byTime(wanted, query.get('sort_field') ?? 'timestamp_opt', query.get('sort_dir'));
  const members = desk(call);
  return paged(call, 'members', { all: docs, show: (doc) => members.shown(doc), beside: { list_id: call.params[0] } });
}

function put(call: Call) {
  const { body } = call;
  const email = String(body['email_address'] ?? '');
  const missing = ['email_address', 'status_if_new'].filter((field) => !body[field]);
  if (missing.length > 0) throw refusals.invalid(missing.map((field) => ({ field, message: 'This value should not be blank.' })));
  const found = desk(call).find(audienceIn(call).id, call.params[1]);
  if (!found && hashOf(email) !== call.params[1]) throw refusals.missing();
  const doc = found ? desk(call).change(found, writing(call)) : desk(call).add(writing(call), String(body['status_if_new']));
  call.hooks.member(found ? 'profile' : 'subscribe', doc, 'api');
  return json(trimmed(call, desk(call).shown(doc)));
}

function post(call: Call) {
  const { body } = call;
  if (!body['status']) throw refusals.invalid([{ field: 'status', message: 'This value should not be blank.' }]);
  const email = String(body['email_address'] ?? '');
  if (desk(call).find(audienceIn(call).id, email)) {
    throw new Refusal(400, 'Member Exists', `${email} is already a list member. Use PUT to insert or update list members.`);
  }
  const doc = desk(call).add(writing(call), String(body['status']));
  call.hooks.member('subscribe', doc, 'api');
  return json(trimmed(call, desk(call).shown(doc)));
}

function patch(call: Call) {
  const before = one(call);
  const doc = desk(call).change(before, writing(call));
  call.hooks.member(
    doc['status'] === 'unsubscribed' && before['status'] !== 'unsubscribed' ? 'unsubscribe' : 'profile',
    doc,
    'api',
  );
  return json(trimmed(call, desk(call).shown(doc)));
}

function archive(call: Call) {
  const doc = desk(call).set(one(call), { status: 'archived' }, call.now);
  call.hooks.member('unsubscribe', doc, 'api', { action: 'delete', reason: 'manual' });
  return DONE;
}

function forget(call: Call) {
  const doc = one(call);
  call.world.remove('members', doc.key);
  call.world.put('forgotten', { key: memberKey(audienceIn(call).id, String(doc['id'])) });
  call.hooks.member('unsubscribe', doc, 'api', { action: 'delete', reason: 'manual' });
  return DONE;
}

function tag(call: Call) {
  const doc = one(call);
  const given = call.body['tags'];
  if (!Array.isArray(given) || given.length === 0) {
    throw refusals.invalid([{ field: 'tags', message: 'Schema describes array, NULL found instead' }]);
  }
  for (const active of [true, false]) {
    const names = given.flatMap(({ name, status }) => ((status === 'active') === active ? [String(name)] : []));
    const current = desk(call).find(audienceIn(call).id, String(doc['id']));
    if (names.length > 0 && current) desk(call).tag(current, names, { active, now: call.now });
  }
  return DONE;
}

function event(call: Call) {
  const doc = one(call);
  const name = String(call.body['name'] ?? '');
  if (!/^[A-Za-z0-9_]{2,30}$/.test(name)) {
    throw refusals.invalid([{ field: 'name', message: 'Event names must be 2 to 30 letters, digits or underscores.' }]);
  }
  const automation = call.body['is_syncing'] === true ? 'as a sync' : 'automations may start';
  call.hooks.note(`event ${name} of ${String(doc['email_address'])}, ${automation}`);
  return DONE;
}

function memberTags(call: Call) {
  const doc = one(call);
  const numbers = new Map(call.world.at('tags', String(doc['list_id'])).map((known) => [known['name'], known]));
  const tags = (doc['tags'] as string[]).map((name) => ({
    id: numbers.get(name)?.['id'] ?? 0,
    name,
    date_added: doc['last_changed'],
  }));
  return paged(call, 'tags', { all: tags });
}

const MEMBER = '/lists/{list}/members/{hash}';

export const memberRoutes: readonly Route[] = [
  { method: 'GET', path: '/lists/{list}/members', run: list },
  { method: 'POST', path: '/lists/{list}/members', run: post },
  { method: 'GET', path: MEMBER, run: (call) => json(trimmed(call, desk(call).shown(one(call)))) },
  { method: 'PUT', path: MEMBER, run: put },
  { method: 'PATCH', path: MEMBER, run: patch },
  { method: 'DELETE', path: MEMBER, run: archive },
  { method: 'POST', path: `${MEMBER}/actions/delete-permanent`, run: forget },
  { method: 'GET', path: `${MEMBER}/tags`, run: memberTags },
  { method: 'POST', path: `${MEMBER}/tags`, run: tag },
  { method: 'POST', path: `${MEMBER}/events`, run: event },
];
