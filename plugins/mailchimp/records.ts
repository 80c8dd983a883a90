import { filled, type Item, isoTime, isRaw, number, type Raw, rows, text } from 'patchbay';
import { memberId } from './api.ts';
import type { Config } from './manifest.ts';

/** Members come with at most this many of their tags. */
const TAGS_SHOWN = 50;

function whole(value: unknown): string | undefined {
  return number(value)?.toString() ?? text(value);
}

export function audienceItem(raw: Raw): Item | undefined {
  const id = text(raw['id']);
  if (!id) return undefined;
  const stats = isRaw(raw['stats']) ? raw['stats'] : {};
  const data = filled({
    name: text(raw['name']),
    createdAt: isoTime(raw['date_created']),
    doubleOptIn: raw['double_optin'],
    marketingPermissions: raw['marketing_permissions'],
    subscribed: number(stats['member_count']),
    unsubscribed: number(stats['unsubscribe_count']),
    cleaned: number(stats['cleaned_count']),
    total: number(stats['total_contacts']),
    campaigns: number(stats['campaign_count']),
    lastCampaignAt: isoTime(stats['campaign_last_sent']),
  });
  return { id, data };
}

/** Contacts of every status: who unsubscribed, bounced (`cleaned`) or was archived stays, under that status. */
export function memberItem(raw: Raw, config: Pick<Config, 'fieldMap'>): Item | undefined {
  const [hash, listId, email] = [text(raw['id']), text(raw['list_id']), text(raw['email_address'])];
  if (!hash || !listId || !email) return undefined;
  const merge = isRaw(raw['merge_fields']) ? raw['merge_fields'] : {};
  const location = isRaw(raw['location']) ? raw['location'] : {};
  const tags = rows(raw['tags']).flatMap(({ name }) => text(name) ?? []);
  const updatedAt = isoTime(raw['last_changed']);
  const data = filled({
    listId,
    hash,
    contactId: text(raw['contact_id']),
    email,
    status: text(raw['status']),
    unsubscribeReason: text(raw['unsubscribe_reason']),
    fullName: text(raw['full_name']),
    ...mappedFields(merge, config.fieldMap ?? {}),
    mergeFields: merge,
    interests: chosenInterests(raw['interests']),
    permissions: givenPermissions(raw['marketing_permissions']),
    tags,
    moreTags: (number(raw['tags_count']) ?? 0) > TAGS_SHOWN ? true : undefined,
    language: text(raw['language']),
    vip: raw['vip'] === true ? true : undefined,
    rating: number(raw['member_rating']),
    source: text(raw['source']),
    country: text(location['country_code']),
    timezone: text(location['timezone']),
    createdAt: isoTime(raw['timestamp_signup']) ?? isoTime(raw['timestamp_opt']),
    optedInAt: isoTime(raw['timestamp_opt']),
    updatedAt,
  });
  return { id: memberId(listId, hash), data, ...(updatedAt && { updatedAt }) };
}

/** The store's own names, after the settings: `{ firstName: 'Ada' }`. */
function mappedFields(merge: Raw, fieldMap: Readonly<Record<string, string>>): Raw {
  return Object.fromEntries(
    Object.entries(fieldMap).flatMap(([name, tag]) => {
      const value = merge[tag];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}

function chosenInterests(value: unknown): string[] | undefined {
  if (!isRaw(value)) return undefined;
  const chosen = Object.entries(value).flatMap(([id, on]) => (on === true ? [id] : []));
  return chosen.length > 0 ? chosen : undefined;
}

/** What somebody agreed to in an audience with marketing permissions (GDPR), in its own words; empty where to nothing. */
function givenPermissions(value: unknown): string[] | undefined {
  const asked = rows(value);
  if (asked.length === 0) return undefined;
  return asked.flatMap(({ enabled, text: words, marketing_permission_id: id }) =>
    enabled === true ? (text(words) ?? text(id) ?? []) : [],
  );
}

/** A static segment: tags are those. Its number is its audience's. */
export function tagItem(raw: Raw, listId: string): Item | undefined {
  const id = whole(raw['id']);
  const name = text(raw['name']);
  if (!id || !name) return undefined;
  const updatedAt = isoTime(raw['updated_at']);
  const data = filled({ listId, name, members: number(raw['member_count']), createdAt: isoTime(raw['created_at']), updatedAt });
  return { id: `${listId}:${id}`, data };
}

export function mergeFieldItem(raw: Raw, listId: string): Item | undefined {
  const id = whole(raw['merge_id']);
  const tag = text(raw['tag']);
  if (!id || !tag) return undefined;
  const options = isRaw(raw['options']) ? raw['options'] : {};
  const data = filled({
    listId,
    tag,
    name: text(raw['name']),
    type: text(raw['type']),
    required: raw['required'] === true,
    default: text(raw['default_value']),
    choices: Array.isArray(options['choices']) ? options['choices'] : undefined,
  });
  return { id: `${listId}:${id}`, data };
}

export function campaignItem(raw: Raw): Item | undefined {
  const id = text(raw['id']);
  if (!id) return undefined;
  const settings = isRaw(raw['settings']) ? raw['settings'] : {};
  const recipients = isRaw(raw['recipients']) ? raw['recipients'] : {};
  const summary = isRaw(raw['report_summary']) ? raw['report_summary'] : {};
  const data = filled({
    type: text(raw['type']),
    status: text(raw['status']),
    title: text(settings['title']),
    subject: text(settings['subject_line']),
    fromName: text(settings['from_name']),
    replyTo: text(settings['reply_to']),
    listId: text(recipients['list_id']),
    listName: text(recipients['list_name']),
    recipients: number(recipients['recipient_count']),
    createdAt: isoTime(raw['create_time']),
    sentAt: isoTime(raw['send_time']),
    emailsSent: number(raw['emails_sent']),
    uniqueOpens: number(summary['unique_opens']),
    clickers: number(summary['subscriber_clicks']),
    archiveUrl: text(raw['archive_url']),
  });
  return { id, data };
}

export function reportItem(raw: Raw): Item | undefined {
  const id = text(raw['id']);
  if (!id) return undefined;
  const part = (key: string) => (isRaw(raw[key]) ? raw[key] : {});
  const [opens, clicks, bounces, shop] = [part('opens'), part('clicks'), part('bounces'), part('ecommerce')];
  const data = filled({
    title: text(raw['campaign_title']),
    subject: text(raw['subject_line']),
    type: text(raw['type']),
    listId: text(raw['list_id']),
    listName: text(raw['list_name']),
    sentAt: isoTime(raw['send_time']),
    emailsSent: number(raw['emails_sent']),
    opens: number(opens['opens_total']),
    uniqueOpens: number(opens['unique_opens']),
    lastOpenAt: isoTime(opens['last_open']),
    clicks: number(clicks['clicks_total']),
    clickers: number(clicks['unique_subscriber_clicks']),
    lastClickAt: isoTime(clicks['last_click']),
    hardBounces: number(bounces['hard_bounces']),
    softBounces: number(bounces['soft_bounces']),
    unsubscribed: number(raw['unsubscribed']),
    abuseReports: number(raw['abuse_reports']),
    forwards: number(part('forwards')['forwards_count']),
    orders: number(shop['total_orders']),
    revenue: number(shop['total_revenue']),
    currency: text(shop['currency_code']),
  });
  return { id, data };
}

/** Shaped records, and those that could not be read: nothing is lost silently. */
export function sorted(raws: readonly Raw[], shape: (raw: Raw) => Item | undefined) {
  const items: Item[] = [];
  const failed: { id: string; reason: string }[] = [];
  for (const raw of raws) {
    const item = shape(raw);
    if (item) items.push(item);
    else failed.push({ id: whole(raw['id']) ?? '?', reason: 'Mailchimp sent it without an id or a name.' });
  }
  return { items, failed };
}
