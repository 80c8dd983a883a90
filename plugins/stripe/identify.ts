import {
  type Account,
  type Grant,
  hubError,
  isRaw,
  type Link,
  type Raw,
  Rejected,
  rows,
  type TestResult,
  TryLater,
  text,
} from 'patchbay';
import { listPage } from './api.ts';
import { reasonOf, rightWords } from './explain.ts';
import { KINDS, type KindName } from './kinds.ts';
import type { Context } from './manifest.ts';
import { money, moneyWords } from './money.ts';
import { isSwitchedOff } from './subscribe.ts';

const SWITCHED_OFF =
  'Stripe has switched the webhook off, as it does after many failures: changes come with syncs only. Switch it on again in Stripe under Developers > Webhooks.';

/**
 * One connection is one account in one mode. Test and live share the account's id but no object: the id of a test connection
 * says so, or a live key could take its place. The balance is the one thing every good key may read that names its mode.
 */
export async function identify(link: Link, grant: Grant): Promise<Account> {
  const { livemode } = await readBalance(link);
  const { id, name } = await readAccount(link, text(grant['accountId']));
  return {
    externalId: livemode ? id : `${id}:test`,
    label: name ?? `Stripe ${id}`,
    vars: { accountId: id },
    mode: livemode ? 'live' : 'test',
  };
}

interface Balance {
  readonly livemode: boolean;
  readonly available: readonly Raw[];
}

async function readBalance({ http }: Link): Promise<Balance> {
  const { data } = await http.get<Raw>('/v1/balance');
  if (isRaw(data) && typeof data['livemode'] === 'boolean')
    return { livemode: data['livemode'], available: rows(data['available']) };
  throw new TryLater('Stripe did not answer with the balance of this account. Try again in a minute.');
}

/** Restricted keys may not read the account, but the refusal names it. */
async function readAccount({ http }: Link, given: string | undefined): Promise<{ id: string; name: string | undefined }> {
  try {
    const { data } = await http.get<Raw>('/v1/account');
    const id = text(data?.['id']);
    if (id) return { id: sameAs(given, id), name: nameIn(data) };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason?.status !== 403) throw error;
    const id = /\bacct_[A-Za-z0-9]{8,}\b/.exec(reason.said)?.[0] ?? given;
    if (id) return { id: sameAs(given, id), name: undefined };
    throw new Rejected('This key does not say whose account it opens. Fill in the account ID as well.', {
      code: 'INVALID_CREDENTIALS',
      fields: [{ pointer: '/fields/accountId', message: 'Copy it from Settings > Business > Account details.' }],
    });
  }
  throw new TryLater('Stripe did not say whose key this is. Try again in a minute.');
}

function sameAs(given: string | undefined, id: string): string {
  if (given === undefined || given === id) return id;
  throw new Rejected(`This key belongs to the account ${id}.`, {
    code: 'INVALID_CREDENTIALS',
    fields: [{ pointer: '/fields/accountId', message: 'Leave it empty, or use the key of this account.' }],
  });
}

function nameIn(account: Raw): string | undefined {
  const settings = isRaw(account['settings']) ? account['settings'] : {};
  const dashboard = isRaw(settings['dashboard']) ? settings['dashboard'] : {};
  const profile = isRaw(account['business_profile']) ? account['business_profile'] : {};
  return text(dashboard['display_name']) ?? text(profile['name']) ?? text(account['email']);
}

/** The balance in words, and what the key may not read of that which is to be synced. */
export async function test(ctx: Context): Promise<TestResult> {
  const { livemode, available } = await readBalance(ctx);
  if ((ctx.account.mode === 'live') !== livemode) {
    throw new Rejected('The key is of the other mode. Test and live are connections of their own.', {
      code: 'INVALID_CREDENTIALS',
    });
  }
  const sums = available.map(({ amount, currency }) => money(amount, currency)).filter((sum) => sum !== undefined);
  const funds = sums.length > 0 ? `${sums.map(moneyWords).join(', ')} available` : 'nothing in the balance';
  const lacking = await lackingRights(ctx);
  const mode = livemode ? 'live' : 'test mode';
  const step = 'Add it in Stripe under Developers > API keys > the key > Edit.';
  const faults = [
    ...(lacking.length > 0 ? [`The key lacks the right ${lacking.join(', ')}. ${step}`] : []),
    ...((await isSwitchedOff(ctx)) ? [SWITCHED_OFF] : []),
  ];
  const message = [`Connected to ${ctx.account.label} (${mode}), ${funds}.`, ...faults].join(' ');
  return { message, ...(faults.length > 0 && { partly: true }) };
}

/** Of the streams that are synced, and of the events later syncs begin with. */
async function lackingRights(ctx: Context): Promise<string[]> {
  const names = (ctx.config?.streams ?? Object.keys(KINDS)) as readonly KindName[];
  const wanted = [...names.map((name) => KINDS[name]), { path: '/v1/events', title: 'Events' }];
  const lacking: string[] = [];
  for (const { path, title } of wanted) {
    try {
      await listPage(ctx.http, path, { limit: 1 });
    } catch (error) {
      if (hubError(error)?.code !== 'FORBIDDEN') throw error;
      const right = /rak_([a-z_]+)/.exec(reasonOf(error)?.said ?? '')?.[1];
      lacking.push(right ? rightWords(right) : `to read ${title.toLowerCase()}`);
    }
  }
  return [...new Set(lacking)];
}
