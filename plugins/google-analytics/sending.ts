import { type Http, isRaw, Rejected, rows, TryLater, text } from 'patchbay';
import { chosenProperty, listAll } from './api.ts';
import { COLLECT } from './authorize.ts';
import { NO_DESTINATION } from './barred.ts';
import type { Context } from './manifest.ts';
import { measurementIdOf } from './options.ts';

type Region = keyof typeof COLLECT;

/** A body of the Measurement Protocol: https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference */
export type Payload = Readonly<Record<string, unknown>>;

/** The keys of a data stream; `undefined` where the hub puts in those of the connection. */
export type Keys = Readonly<{ measurement_id: string; api_secret: string }> | undefined;

/** What the validation server says of a body. */
export interface Verdict {
  readonly path: string;
  readonly message: string;
  readonly code: string;
}

/** Accepted by the form, sent nowhere: it goes to the validation server only. */
const PROBE: Payload = { client_id: '0.0', events: [{ name: 'connection_test', params: { engagement_time_msec: 1 } }] };

/** Sends a body. Google answers 204 whatever it holds. */
export async function collect(
  http: Http,
  given: { region: Region; keys: Keys; payload: Payload; idempotent: boolean },
): Promise<void> {
  const { region, keys, payload, idempotent } = given;
  await http.post(`https://${COLLECT[region]}/mp/collect`, { query: { ...keys }, json: payload, idempotent });
}

/** What the validation server finds wrong; it keeps nothing, and does not look at the secret. */
export async function validate(http: Http, given: { region: Region; keys: Keys; payload: Payload }): Promise<Verdict[]> {
  const { region, keys, payload } = given;
  const { data } = await http.post(`https://${COLLECT[region]}/debug/mp/collect`, {
    query: { ...keys },
    json: { ...payload, validation_behavior: 'ENFORCE_RECOMMENDATIONS' },
    idempotent: true,
  });
  if (!isRaw(data) || !Array.isArray(data['validationMessages']))
    throw new TryLater('The validation server of Google Analytics did not answer as documented. Try again in a minute.');
  return rows(data['validationMessages']).map(({ fieldPath, description, validationCode }) => ({
    path: text(fieldPath) ?? '',
    message: text(description) ?? 'no reason given',
    code: text(validationCode) ?? 'UNKNOWN',
  }));
}

/** That Google takes events with the keys of the connection. @throws Rejected with what it says against them */
export async function checkSending(http: Http, region: Region): Promise<void> {
  const [first] = await validate(http, { region, keys: undefined, payload: PROBE });
  if (first)
    throw new Rejected(`Google Analytics does not take events with these keys: ${first.message}`, {
      code: 'INVALID_CREDENTIALS',
    });
}

/** Where the events of this connection go: its own keys, those of the settings, or the first ones of the property's website. */
export async function sendingKeys(ctx: Context): Promise<Keys> {
  if (ctx.method === 'manual') return undefined;
  const apiSecret = text(ctx.config.apiSecret);
  const measurementId = text(ctx.config.measurementId);
  if (measurementId && apiSecret) return { measurement_id: measurementId, api_secret: apiSecret };
  const property = chosenProperty(ctx);
  if (!property) throw new Rejected(NO_DESTINATION);
  const stream = await streamOf(ctx, property, measurementId);
  return { measurement_id: stream.measurementId, api_secret: apiSecret ?? (await firstSecret(ctx, stream.name)) };
}

/** A website of the property. */
export async function streamOf(
  { http }: Context,
  property: string,
  wanted: string | undefined,
): Promise<{ name: string; measurementId: string }> {
  const all = await listAll(http, `/properties/${property}/dataStreams`, 'dataStreams');
  const sites = all.flatMap((raw) => {
    const [name, measurementId] = [text(raw['name']), measurementIdOf(raw)];
    return name && measurementId ? [{ name, measurementId }] : [];
  });
  const found = wanted ? sites.find(({ measurementId }) => measurementId === wanted) : sites[0];
  if (found && (wanted || sites.length === 1)) return found;
  throw new Rejected(
    sites.length > 1
      ? 'The property has several websites. Choose the data stream for events in the settings of this connection.'
      : `The property has no website ${wanted ?? 'that takes events'}. Choose another data stream or property in the settings.`,
  );
}

async function firstSecret({ http }: Context, stream: string): Promise<string> {
  const secrets = await listAll(http, `/${stream}/measurementProtocolSecrets`, 'measurementProtocolSecrets');
  const value = secrets.map(({ secretValue }) => text(secretValue)).find(Boolean);
  if (value) return value;
  throw new Rejected(
    'The data stream has no API secret yet. Use "Create an API secret" here, or create one in Google Analytics (Admin > Data streams > Measurement Protocol API secrets).',
  );
}
