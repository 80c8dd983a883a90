import { type Http, isRaw, type Raw, rows, TryLater } from 'patchbay';

/** Calendars are documented under a version of their own. */
export const CALENDARS = { Version: '2021-04-15' } as const;

/** The list under `key`; an answer without one says nothing, least of all that everything is gone. */
export function listed(data: unknown, key: string): Raw[] {
  if (isRaw(data) && Array.isArray(data[key])) return rows(data[key]);
  throw new TryLater(`LeadConnector answered without a list of ${key}. Try again in a moment.`);
}

/** The object under `key`, or the answer itself: the provider is not of one mind about wrapping. */
export function inner(data: unknown, key: string): Raw {
  if (!isRaw(data)) return {};
  return isRaw(data[key]) ? data[key] : data;
}

export async function readContact(http: Http, id: string): Promise<Raw> {
  return inner((await http.get(`/contacts/${encodeURIComponent(id)}`)).data, 'contact');
}

export async function readAppointment(http: Http, id: string): Promise<Raw> {
  const reply = await http.get(`/calendars/events/appointments/${encodeURIComponent(id)}`, { headers: CALENDARS });
  const data = inner(reply.data, 'event');
  return inner(data, 'appointment');
}

export async function readOpportunity(http: Http, id: string): Promise<Raw> {
  return inner((await http.get(`/opportunities/${encodeURIComponent(id)}`)).data, 'opportunity');
}

export async function readLocation(http: Http, id: string): Promise<Raw> {
  return inner((await http.get(`/locations/${encodeURIComponent(id)}`)).data, 'location');
}

export async function listCalendars(http: Http, locationId: string): Promise<Raw[]> {
  const reply = await http.get<Raw>('/calendars/', { query: { locationId }, headers: CALENDARS });
  return listed(reply.data, 'calendars');
}

export async function listCustomFields(http: Http, locationId: string, model: 'contact' | 'opportunity'): Promise<Raw[]> {
  const path = `/locations/${encodeURIComponent(locationId)}/customFields`;
  return listed((await http.get<Raw>(path, { query: { model } })).data, 'customFields');
}

export async function listPipelines(http: Http, locationId: string): Promise<Raw[]> {
  const reply = await http.get<Raw>('/opportunities/pipelines', { query: { locationId } });
  return listed(reply.data, 'pipelines');
}
