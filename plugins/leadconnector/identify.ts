import { type Account, type Grant, hubError, type Link, type Raw, Rejected, type TestResult, TryLater, text } from 'patchbay';
import { listCalendars, readLocation } from './api.ts';
import type { Context } from './manifest.ts';

/** One connection is one location: OAuth names it in the token response, a private token needs it typed in. */
export async function identify(link: Link, grant: Grant): Promise<Account> {
  if (grant['userType'] === 'Company') {
    throw new Rejected('You connected a whole agency. Connect again and choose one location (sub-account).', {
      code: 'INVALID_CREDENTIALS',
    });
  }
  const locationId = text(grant['locationId']);
  if (!locationId) {
    throw new Rejected('LeadConnector did not say which location was chosen. Connect again and choose one.', {
      code: 'INVALID_CREDENTIALS',
    });
  }
  const location = await locationOf(link, locationId);
  const companyId = text(location['companyId']) ?? text(grant['companyId']);
  const timezone = text(location['timezone']);
  return {
    externalId: locationId,
    label: text(location['name']) ?? `Location ${locationId}`,
    vars: { ...(timezone && { timezone }), ...(companyId && { companyId }) },
  };
}

async function locationOf(link: Link, locationId: string): Promise<Raw> {
  try {
    const location = await readLocation(link.http, locationId);
    if (location['id'] === locationId) return location;
  } catch (error) {
    return withoutName(link, locationId, error);
  }
  throw new TryLater('LeadConnector did not answer with this location. Try again in a minute.');
}

/** A token may lack the locations scope and still be good: then calendars prove that it opens this location. */
async function withoutName(link: Link, locationId: string, error: unknown): Promise<Raw> {
  const known = hubError(error);
  if (known?.consequence === 'not-found' || /does not belong to this location/.test(known?.message ?? '')) {
    throw new Rejected(
      known?.consequence === 'not-found'
        ? 'LeadConnector knows no location with this ID. Copy it again.'
        : (known?.message ?? ''),
      {
        code: 'INVALID_CREDENTIALS',
        cause: error,
        fields: [{ pointer: '/fields/locationId', message: 'Use the Location ID of the location the token was made in.' }],
      },
    );
  }
  if (known?.code !== 'INVALID_CREDENTIALS' || !/lacks a scope/.test(known.message)) throw error;
  await listCalendars(link.http, locationId);
  link.log.info({ locationId }, 'the token may not read the location; its name stays unknown');
  return {};
}

/** Location name and contact count, read with the credential in use. */
export async function test(ctx: Context): Promise<TestResult> {
  const location = await locationOf(ctx, ctx.account.externalId);
  const total = await countContacts(ctx);
  const name = text(location['name']) ?? ctx.account.label;
  const size = total === 1 ? '1 contact' : `${total.toLocaleString('en-US')} contacts`;
  return { message: `Connected to ${name}, ${size}.`, counts: { contacts: total } };
}

async function countContacts(ctx: Context): Promise<number> {
  const reply = await ctx.http.post<Raw>('/contacts/search', {
    json: { locationId: ctx.account.externalId, page: 1, pageLimit: 1 },
    idempotent: true,
  });
  const total = reply.data?.['total'];
  if (typeof total !== 'number') throw new TryLater('LeadConnector did not say how many contacts there are. Try again.');
  return total;
}
