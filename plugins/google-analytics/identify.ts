import { type Account, type Grant, isRaw, type Link, Rejected, type TestResult, TryLater, text } from 'patchbay';
import { chosenProperty, listAll, listPage, readProperty, type Summary, summariesIn, USERINFO } from './api.ts';
import type { Context } from './manifest.ts';
import { checkSending } from './sending.ts';

/** One connection is one Google account, or one data stream where there are keys for sending only. */
export async function identify(link: Link, grant: Grant): Promise<Account> {
  return link.method === 'manual' ? dataStream(link, grant) : googleAccount(link);
}

async function googleAccount({ http }: Link): Promise<Account> {
  const { data } = await http.get(USERINFO);
  const sub = isRaw(data) ? text(data['sub']) : undefined;
  if (!isRaw(data) || !sub) throw new TryLater('Google did not say whose account this is. Try again in a minute.');
  const email = text(data['email']) ?? `Google account ${sub}`;
  const { found, next } = await listPage(http, '/accountSummaries', { key: 'accountSummaries' });
  const properties = summariesIn(found);
  if (properties.length === 0 && next === undefined) {
    throw new Rejected(
      `${email} sees no property in Google Analytics. Sign in with another Google account, or ask for access to the property first.`,
      { code: 'INVALID_CREDENTIALS' },
    );
  }
  const only = properties.length === 1 && next === undefined ? properties[0] : undefined;
  return { externalId: sub, label: email, ...(only && { vars: { propertyId: only.id } }) };
}

/** Nothing at Google says whether the secret is right; that it takes events of this shape is all there is to ask. */
async function dataStream(link: Link, grant: Grant): Promise<Account> {
  const measurementId = text(grant['measurementId']);
  if (!measurementId) throw new Rejected('The measurement ID is missing.', { code: 'INVALID_CREDENTIALS' });
  await checkSending(link.http, 'global');
  return { externalId: measurementId, label: `${measurementId} (events only)`, vars: { measurementId } };
}

/** Which property is connected, or that one has to be chosen. With keys: that events are taken, and what nobody can tell. */
export async function test(ctx: Context): Promise<TestResult> {
  if (ctx.method === 'manual') {
    await checkSending(ctx.http, ctx.config.endpointRegion ?? 'global');
    return {
      message: `Google takes events for ${ctx.account.externalId}. It does not check the API secret here: send an event and look at Realtime in Google Analytics. Reports are not read with these keys.`,
    };
  }
  const all = summariesIn(await listAll(ctx.http, '/accountSummaries', 'accountSummaries'));
  const counts = { properties: all.length };
  const id = chosenProperty(ctx);
  if (!id)
    return { message: `Connected as ${ctx.account.label}, which sees ${amount(all)}. Choose one in the settings.`, counts };
  const { displayName, timeZone, currencyCode } = await readProperty(ctx.http, id);
  const money = ctx.config.currency || currencyCode;
  const details = [...(money ? [`amounts in ${money}`] : []), `days in ${timeZone}`].join(', ');
  return { message: `Connected to ${displayName} as ${ctx.account.label}; ${details}.`, counts };
}

function amount({ length }: readonly Summary[]): string {
  return length === 1 ? '1 property' : `${length.toLocaleString('en-US')} properties`;
}
