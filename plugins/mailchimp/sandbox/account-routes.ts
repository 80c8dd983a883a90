import type { Raw } from 'patchbay';
import type { Doc } from './base.ts';
import { byTime, type Call, json, momentIn, paged, type Route, trimmed } from './call.ts';
import { refusals } from './problems.ts';

function root(call: Call) {
  const { account, world } = call;
  const subscribed = account.audiences
    .flatMap(({ id }) => world.at('members', id))
    .filter((doc) => doc['status'] === 'subscribed');
  return json(
    trimmed(call, {
      account_id: account.id,
      login_id: Number.parseInt(account.id.slice(0, 6), 16),
      account_name: account.name,
      email: account.owner,
      role: 'owner',
      contact: { company: account.name, city: 'Austin', country: 'US' },
      account_timezone: account.timezone,
      total_subscribers: subscribed.length,
      _links: [],
    }),
  );
}

const own = (call: Call) => call.world.all('campaigns').filter((doc) => doc['account'] === call.account.id);

/** Those within what the query says of a moment; one without that moment is not. */
function within(call: Call, docs: readonly Doc[], moment: 'send_time' | 'create_time'): Doc[] {
  const [since, before] = [momentIn(call, `since_${moment}`), momentIn(call, `before_${moment}`)];
  if (since === undefined && before === undefined) return [...docs];
  return docs.filter((doc) => {
    const at = Date.parse(String(doc[moment]));
    return at >= (since ?? Number.NEGATIVE_INFINITY) && at <= (before ?? Number.POSITIVE_INFINITY);
  });
}

function campaignShown({ key: _, account: __, figures, ...rest }: Doc): Raw {
  const given = figures as Record<string, number> | undefined;
  const sent = Number(rest['emails_sent']);
  return {
    ...rest,
    ...(given && {
      report_summary: {
        opens: given['opens'],
        unique_opens: given['opened'],
        open_rate: (given['opened'] as number) / sent,
        clicks: given['clicks'],
        subscriber_clicks: given['clicked'],
        click_rate: (given['clicked'] as number) / sent,
      },
    }),
    _links: [],
  };
}

function campaigns(call: Call) {
  const { query } = call.req;
  const status = query.get('status');
  const wanted = within(call, within(call, own(call), 'create_time'), 'send_time').filter(
    (doc) => !status || doc['status'] === status,
  );
  const sorted = query.get('sort_field') ? byTime(wanted, String(query.get('sort_field')), query.get('sort_dir')) : wanted;
  return paged(call, 'campaigns', { all: sorted, show: campaignShown });
}

function campaign(call: Call): Doc {
  const found = own(call).find((doc) => doc['id'] === call.params[0]);
  if (!found) throw refusals.missing();
  return found;
}

function reportShown(call: Call, doc: Doc): Raw {
  const figures = (doc['figures'] ?? {}) as Record<string, number | string>;
  const [sent, opened, clicked] = [Number(doc['emails_sent']), Number(figures['opened']), Number(figures['clicked'])];
  const { subject_line, title } = doc['settings'] as Raw;
  const { list_id, list_name } = doc['recipients'] as Raw;
  return {
    id: doc['id'],
    campaign_title: title,
    type: doc['type'],
    list_id,
    list_is_active: true,
    list_name,
    subject_line,
    emails_sent: sent,
    abuse_reports: 0,
    unsubscribed: figures['gone'],
    send_time: doc['send_time'],
    bounces: { hard_bounces: figures['hard'], soft_bounces: figures['soft'], syntax_errors: 0 },
    forwards: { forwards_count: 0, forwards_opens: 0 },
    opens: { opens_total: figures['opens'], unique_opens: opened, open_rate: opened / sent, last_open: figures['last'] },
    clicks: {
      clicks_total: figures['clicks'],
      unique_clicks: clicked,
      unique_subscriber_clicks: clicked,
      click_rate: clicked / sent,
      last_click: figures['last'],
    },
    ecommerce: {
      total_orders: figures['orders'],
      total_spent: Number(figures['orders']) * 39.5,
      total_revenue: Number(figures['orders']) * 39.5,
      currency_code: call.account.currency,
    },
    delivery_status: { enabled: false },
    _links: [],
  };
}

function reports(call: Call) {
  const sent = within(
    call,
    own(call).filter((doc) => doc['status'] === 'sent'),
    'send_time',
  );
  return paged(call, 'reports', { all: byTime(sent, 'send_time', 'DESC'), show: (doc) => reportShown(call, doc) });
}

function report(call: Call) {
  const found = campaign(call);
  if (found['status'] !== 'sent') throw refusals.missing();
  return json(trimmed(call, reportShown(call, found)));
}

export const accountRoutes: readonly Route[] = [
  { method: 'GET', path: '/', run: root },
  { method: 'GET', path: '/ping', run: () => json({ health_status: "Everything's Chimpy!" }) },
  { method: 'GET', path: '/campaigns', run: campaigns },
  { method: 'GET', path: '/campaigns/{id}', run: (call) => json(trimmed(call, campaignShown(campaign(call)))) },
  { method: 'GET', path: '/reports', run: reports },
  { method: 'GET', path: '/reports/{id}', run: report },
];
