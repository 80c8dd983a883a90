import type { Raw } from 'patchbay';
import { type Doc, interestIds, stamp } from './base.ts';
import { audienceIn, type Call, json, paged, type Route, trimmed } from './call.ts';
import type { DemoAudience } from './demo.ts';
import { fieldsOf, Members } from './members.ts';
import { Refusal, refusals } from './problems.ts';

const DAY = 86_400_000;

function listDoc({ world, account }: Call, audience: DemoAudience): Raw {
  const members = world.at('members', audience.id);
  const count = (status: string) => members.filter((doc) => doc['status'] === status).length;
  const sent = world
    .all('campaigns')
    .filter((doc) => (doc['recipients'] as Raw)['list_id'] === audience.id && doc['status'] === 'sent');
  return {
    id: audience.id,
    web_id: Number.parseInt(audience.id.slice(0, 6), 16),
    name: audience.name,
    contact: { company: account.name, address1: '1 Main Street', city: 'Austin', state: 'TX', zip: '78701', country: 'US' },
    permission_reminder: `You signed up at ${account.name}.`,
    date_created: stamp(world.epoch - 800 * DAY - Number.parseInt(audience.id.slice(0, 4), 16)),
    list_rating: 4,
    email_type_option: false,
    double_optin: audience.doubleOptIn,
    marketing_permissions: audience.permissions !== undefined,
    visibility: 'pub',
    stats: {
      member_count: count('subscribed'),
      unsubscribe_count: count('unsubscribed'),
      cleaned_count: count('cleaned'),
      total_contacts: members.length,
      campaign_count: sent.length,
      campaign_last_sent:
        sent
          .map((doc) => String(doc['send_time']))
          .sort()
          .at(-1) ?? '',
    },
    _links: [],
  };
}

function lists(call: Call) {
  const docs = call.account.audiences.map((audience) => listDoc(call, audience));
  docs.sort((a, b) => (String(a['date_created']) < String(b['date_created']) ? -1 : 1));
  return paged(call, 'lists', { all: call.req.query.get('sort_dir') === 'DESC' ? docs.reverse() : docs });
}

function segments(call: Call) {
  const { id } = audienceIn(call);
  const kind = call.req.query.get('type');
  const tags = kind !== null && kind !== 'static' ? [] : new Members(call.world).tags(id);
  const shown = tags.map(({ tag: { key: _, ...rest }, members }) => ({ ...rest, member_count: members, _links: [] }));
  return paged(call, 'segments', { all: shown, beside: { list_id: id } });
}

function tagSearch(call: Call) {
  const name = (call.req.query.get('name') ?? '').toLowerCase();
  const found = call.world.at('tags', audienceIn(call).id).filter((tag) => String(tag['name']).toLowerCase().startsWith(name));
  return json({ tags: found.map((tag) => ({ id: tag['id'], name: tag['name'] })), total_items: found.length });
}

function mergeFields(call: Call) {
  const { id } = audienceIn(call);
  const fields = fieldsOf(audienceIn(call)).map((field) => ({
    ...field,
    default_value: '',
    public: true,
    display_order: field.merge_id,
    options: field.type === 'text' ? { size: 25 } : {},
    help_text: '',
    list_id: id,
    _links: [],
  }));
  return paged(call, 'merge_fields', { all: fields, beside: { list_id: id } });
}

const categoryId = (audience: DemoAudience, index: number) => `${audience.id.slice(0, 8)}c${index}`;

function categories(call: Call) {
  const audience = audienceIn(call);
  const all = audience.interests.map(({ title }, index) => ({
    list_id: audience.id,
    id: categoryId(audience, index),
    title,
    display_order: index,
    type: 'checkboxes',
    _links: [],
  }));
  return paged(call, 'categories', { all, beside: { list_id: audience.id } });
}

function interests(call: Call) {
  const audience = audienceIn(call);
  const index = audience.interests.findIndex((_, at) => categoryId(audience, at) === call.params[1]);
  if (index < 0) throw refusals.missing();
  const ids = interestIds(audience);
  const before = audience.interests.slice(0, index).reduce((sum, { names }) => sum + names.length, 0);
  const all = (audience.interests[index]?.names ?? []).map((name, at) => ({
    category_id: call.params[1],
    id: ids[before + at],
    name,
    _links: [],
  }));
  return paged(call, 'interests', { all, beside: { list_id: audience.id, category_id: call.params[1] } });
}

/** Answers 200 with the rows that failed among the errors. */
function batch(call: Call) {
  const audience = audienceIn(call);
  const rows = call.body['members'];
  if (!Array.isArray(rows) || rows.length === 0 || rows.length > 500) {
    throw refusals.invalid([{ field: 'members', message: 'Batch operations take 1 to 500 members.' }]);
  }
  const outcome = { new_members: [] as Raw[], updated_members: [] as Raw[], errors: [] as Raw[] };
  for (const body of rows as Raw[]) batchRow(call, audience, { body, outcome });
  const { new_members, updated_members, errors } = outcome;
  const totals = { total_created: new_members.length, total_updated: updated_members.length, error_count: errors.length };
  return json({ ...outcome, ...totals, _links: [] });
}

type Outcome = Record<'new_members' | 'updated_members' | 'errors', Raw[]>;

function batchRow(call: Call, audience: DemoAudience, { body, outcome }: { body: Raw; outcome: Outcome }): void {
  const desk = new Members(call.world);
  const email = String(body['email_address'] ?? '');
  const fail = (code: string, error: string, field = '') =>
    outcome.errors.push({ email_address: email, error, error_code: code, field, field_message: '' });
  const skipRequired = call.req.query.get('skip_merge_validation') === 'true';
  const writing = { audience, body, now: call.now, skipRequired };
  try {
    const found = desk.find(audience.id, email);
    if (found && call.body['update_existing'] !== true) {
      fail(
        'ERROR_CONTACT_EXISTS',
        `${email} is already a list member, do you want to update? please provide update_existing:true in the request body`,
      );
      return;
    }
    if (!found && !body['status'])
      return void fail(
        'ERROR_GENERIC',
        'Please provide a status value of subscribed, unsubscribed, cleaned, pending or transactional.',
        'status',
      );
    const doc: Doc = found ? desk.change(found, writing) : desk.add(writing, String(body['status']));
    (found ? outcome.updated_members : outcome.new_members).push(desk.shown(doc));
    call.hooks.member(found ? 'profile' : 'subscribe', doc, 'api');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { errors = [] } = error.response.body as { errors?: { field: string; message: string }[] };
    fail('ERROR_GENERIC', errors[0]?.message ?? error.message, errors[0]?.field);
  }
}

export const listRoutes: readonly Route[] = [
  { method: 'GET', path: '/lists', run: lists },
  { method: 'GET', path: '/lists/{list}', run: (call) => json(trimmed(call, listDoc(call, audienceIn(call)))) },
  { method: 'POST', path: '/lists/{list}', run: batch },
  { method: 'GET', path: '/lists/{list}/segments', run: segments },
  { method: 'GET', path: '/lists/{list}/tag-search', run: tagSearch },
  { method: 'GET', path: '/lists/{list}/merge-fields', run: mergeFields },
  { method: 'GET', path: '/lists/{list}/interest-categories', run: categories },
  { method: 'GET', path: '/lists/{list}/interest-categories/{category}/interests', run: interests },
];
