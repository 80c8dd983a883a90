import {
  type Account,
  type Grant,
  type Http,
  isRaw,
  type Link,
  number,
  type Raw,
  Rejected,
  type TestResult,
  TryLater,
  text,
} from 'patchbay';
import { listAudiences } from './audiences.ts';
import type { Context } from './manifest.ts';

const FIELDS = 'account_id,account_name,login_id,role,total_subscribers,contact.company,account_timezone';

/** One connection is one Mailchimp account; where it lives is told by the metadata call, or by the owner beside the key. */
export async function identify(link: Link, grant: Grant): Promise<Account> {
  const dc = link.method === 'oauth' ? await dataCentre(link.http) : text(grant['serverPrefix']);
  if (link.method === 'manual' && !dc) throw noServer();
  if (!dc || !/^[a-z]{2,4}\d{1,4}$/.test(dc)) {
    throw new Rejected('Mailchimp did not say on which server this account lives. Connect again.', {
      code: 'INVALID_CREDENTIALS',
    });
  }
  const root = await readAccount(link.http, `https://${dc}.api.mailchimp.com/3.0/`);
  const timezone = text(root['account_timezone']);
  const role = text(root['role']);
  return {
    externalId: String(root['account_id']),
    label: labelOf(root),
    vars: { dc, ...(timezone && { timezone }), ...(role && { role }) },
  };
}

function noServer(): Rejected {
  return new Rejected('This API key does not end in a dash and a server prefix (…-us19). Copy all of it.', {
    code: 'INVALID_CREDENTIALS',
    fields: [{ pointer: '/fields/apiKey', message: 'Copy the whole key, with what stands behind its dash.' }],
  });
}

/** The token itself does not name its data centre. https://mailchimp.com/developer/marketing/guides/access-user-data-oauth-2/ */
async function dataCentre(http: Http): Promise<string | undefined> {
  const { data } = await http.get('https://login.mailchimp.com/oauth2/metadata');
  if (!isRaw(data)) throw new TryLater('Mailchimp did not answer with the account. Try again in a minute.');
  return text(data['dc']);
}

async function readAccount(http: Http, url: string): Promise<Raw> {
  const { data } = await http.get(url, { query: { fields: FIELDS } });
  if (isRaw(data) && text(data['account_id'])) return data;
  throw new TryLater('Mailchimp did not answer with the account. Try again in a minute.');
}

function labelOf(root: Raw): string {
  const company = isRaw(root['contact']) ? text(root['contact']['company']) : undefined;
  return text(root['account_name']) ?? company ?? `Account ${String(root['account_id'])}`;
}

/** Account, audiences and contacts, read with the credential in use; a chosen audience must still be there. */
export async function test(ctx: Context): Promise<TestResult> {
  const root = await readAccount(ctx.http, '/');
  if (root['account_id'] !== ctx.account.externalId) {
    throw new Rejected('This credential belongs to another Mailchimp account by now. Reconnect with one of this account.', {
      code: 'INVALID_CREDENTIALS',
    });
  }
  const audiences = await listAudiences(ctx.http);
  const { audienceId } = ctx.config;
  const chosen = audienceId ? audiences.filter(({ id }) => id === audienceId) : audiences;
  if (audienceId && chosen.length === 0) {
    throw new Rejected('The audience chosen in the settings no longer exists in Mailchimp. Choose another one.');
  }
  const contacts = chosen.reduce((sum, list) => sum + contactsIn(list), 0);
  const where = audienceId ? `the audience ${text(chosen[0]?.['name']) ?? audienceId}` : plural(audiences.length, 'audience');
  const hint = audienceId ? '' : ' Choose an audience in the settings, to write to it and to hear of changes at once.';
  return {
    message: `Connected to ${labelOf(root)}, ${plural(contacts, 'contact')} in ${where}.${hint}`,
    counts: { audiences: audiences.length, members: contacts },
  };
}

/** In any state; accounts that do not tell have at least these. */
function contactsIn(list: Raw): number {
  const stats = isRaw(list['stats']) ? list['stats'] : {};
  const known = ['member_count', 'unsubscribe_count', 'cleaned_count'].reduce((sum, key) => sum + (number(stats[key]) ?? 0), 0);
  return number(stats['total_contacts']) ?? known;
}

function plural(count: number, what: string): string {
  return `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;
}
