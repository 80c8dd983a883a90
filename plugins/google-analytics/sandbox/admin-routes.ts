import { randomBytes } from 'node:crypto';
import { checkNames, json, Refusal } from './answers.ts';
import { type Call, EDIT, pageOf, propertyIn, READ, type Route } from './call.ts';
import { type DemoProperty, type DemoStream, HOSTS } from './demo.ts';
import type { Retention } from './state.ts';
import { keyEvent, secret } from './world.ts';

const CREATED = '2024-04-09T08:07:06.050403Z';
const DURATIONS = ['TWO_MONTHS', 'FOURTEEN_MONTHS', 'TWENTY_SIX_MONTHS', 'THIRTY_EIGHT_MONTHS', 'FIFTY_MONTHS'];
/** A standard property keeps no longer. */
const STANDARD_DURATIONS = DURATIONS.slice(0, 2);
const ACKNOWLEDGEMENT =
  'I acknowledge that I have the necessary privacy disclosures and rights from my end users for the collection and processing of their data, including the association of such data with the visitation information Google Analytics collects from my site and/or app property.';

const admin = (method: string, path: string, rest: Pick<Route, 'scopes' | 'run'>): Route => ({
  method,
  host: HOSTS.admin,
  path,
  ...rest,
});

function summaries(call: Call) {
  const all = call.login.accounts.map((account) => ({
    name: `accountSummaries/${account.id}`,
    account: `accounts/${account.id}`,
    displayName: account.displayName,
    propertySummaries: account.properties
      .filter(({ id }) => !call.world.state.closed.includes(id))
      .map((property) => ({
        property: `properties/${property.id}`,
        displayName: property.displayName,
        propertyType: 'PROPERTY_TYPE_ORDINARY',
        parent: `accounts/${account.id}`,
        ...(property.canEdit && { canEdit: true }),
      })),
  }));
  const { page, ...more } = pageOf(call, all);
  return json({ ...(page.length > 0 && { accountSummaries: page }), ...more });
}

function property(call: Call) {
  const found = propertyIn(call, call.params[0]);
  const account = call.login.accounts.find(({ properties }) => properties.includes(found));
  return json({
    name: `properties/${found.id}`,
    parent: `accounts/${account?.id}`,
    account: `accounts/${account?.id}`,
    createTime: CREATED,
    updateTime: CREATED,
    displayName: found.displayName,
    industryCategory: 'SHOPPING',
    timeZone: found.timeZone,
    currencyCode: found.currencyCode,
    serviceLevel: 'GOOGLE_ANALYTICS_STANDARD',
    propertyType: 'PROPERTY_TYPE_ORDINARY',
  });
}

function streamJson(property: DemoProperty, stream: DemoStream) {
  const web = stream.measurementId !== undefined;
  return {
    name: `properties/${property.id}/dataStreams/${stream.id}`,
    type: web ? 'WEB_DATA_STREAM' : 'ANDROID_APP_DATA_STREAM',
    displayName: stream.displayName,
    createTime: CREATED,
    updateTime: CREATED,
    ...(web
      ? { webStreamData: { measurementId: stream.measurementId, defaultUri: stream.uri } }
      : { androidAppStreamData: { firebaseAppId: '1:407408718192:android:1', packageName: 'example.booking' } }),
  };
}

function streams(call: Call) {
  const found = propertyIn(call, call.params[0]);
  const { page, ...more } = pageOf(call, found.streams);
  return json({ ...(page.length > 0 && { dataStreams: page.map((stream) => streamJson(found, stream)) }), ...more });
}

function keyEvents(call: Call) {
  const { page, ...more } = pageOf(call, call.world.keyEvents(propertyIn(call, call.params[0])));
  return json({ ...(page.length > 0 && { keyEvents: page }), ...more });
}

function createKeyEvent(call: Call) {
  const found = editable(call);
  checkNames(call.body, ['eventName', 'countingMethod', 'defaultValue']);
  const { eventName, countingMethod } = call.body;
  if (typeof eventName !== 'string' || !/^[A-Za-z]\w{0,39}$/.test(eventName))
    throw new Refusal(400, 'The event name is invalid.');
  if (!['ONCE_PER_EVENT', 'ONCE_PER_SESSION'].includes(String(countingMethod)))
    throw new Refusal(400, 'counting_method is required.');
  const known = call.world.keyEvents(found);
  if (known.some((event) => event.eventName === eventName)) {
    const already = new Refusal(409, `A key event with the event name ${eventName} already exists.`);
    throw Object.assign(already, {
      response: { status: 409, body: { error: { code: 409, message: already.message, status: 'ALREADY_EXISTS' } } },
    });
  }
  const made = {
    ...keyEvent(found.id, known.length, eventName),
    countingMethod: String(countingMethod),
    createTime: new Date(call.now).toISOString(),
  };
  call.world.change({ keyEvents: { ...call.world.state.keyEvents, [found.id]: [...known, made] } });
  return json(made);
}

function streamIn(call: Call): { property: DemoProperty; stream: DemoStream } {
  const property = propertyIn(call, call.params[0]);
  const stream = property.streams.find(({ id }) => id === call.params[1]);
  if (!stream) throw new Refusal(404, 'Requested entity was not found.');
  return { property, stream };
}

function secrets(call: Call) {
  const { property, stream } = streamIn(call);
  const { page, ...more } = pageOf(call, call.world.secrets(property, stream));
  return json({ ...(page.length > 0 && { measurementProtocolSecrets: page }), ...more });
}

function createSecret(call: Call) {
  const { property, stream } = streamIn(call);
  editable(call);
  checkNames(call.body, ['displayName']);
  if (typeof call.body['displayName'] !== 'string') throw new Refusal(400, 'display_name is required.');
  const { state } = call.world;
  if (!state.acknowledged.includes(property.id))
    throw new Refusal(400, 'User data collection must be acknowledged for this property before a secret can be created.');
  const known = call.world.secrets(property, stream);
  const secretValue = randomBytes(16).toString('base64url');
  const made = secret(property.id, stream.id, { index: known.length, secretValue, displayName: call.body['displayName'] });
  call.world.change({ secrets: { ...state.secrets, [stream.id]: [...known, made] } });
  return json(made);
}

function acknowledge(call: Call) {
  const found = editable(call);
  checkNames(call.body, ['acknowledgement']);
  if (call.body['acknowledgement'] !== ACKNOWLEDGEMENT)
    throw new Refusal(400, 'The acknowledgement must be the exact documented text.');
  call.world.change({ acknowledged: [...new Set([...call.world.state.acknowledged, found.id])] });
  return json({});
}

function retention(call: Call) {
  const found = propertyIn(call, call.params[0]);
  return json({ name: `properties/${found.id}/dataRetentionSettings`, ...call.world.retention(found) });
}

const MASKS: Readonly<Record<string, keyof Retention>> = {
  event_data_retention: 'eventDataRetention',
  user_data_retention: 'userDataRetention',
  reset_user_data_on_new_activity: 'resetUserDataOnNewActivity',
};

function changeRetention(call: Call) {
  const found = editable(call);
  checkNames(call.body, ['name', ...Object.values(MASKS)]);
  const mask = (call.req.query.get('updateMask') ?? '').split(',').filter(Boolean);
  if (mask.length === 0 || mask.some((name) => !(name in MASKS)))
    throw new Refusal(400, 'update_mask is required, in snake case.');
  const changes = mask.map((name) => [MASKS[name], call.body[MASKS[name] as string]] as const);
  const wrong = changes.find(
    ([name, value]) => name !== 'resetUserDataOnNewActivity' && !STANDARD_DURATIONS.includes(String(value)),
  );
  if (wrong) throw new Refusal(400, `${wrong[0]} must be one of ${STANDARD_DURATIONS.join(', ')} for a standard property.`);
  const changed = { ...call.world.retention(found), ...Object.fromEntries(changes) } as Retention;
  call.world.change({ retention: { ...call.world.state.retention, [found.id]: changed } });
  return json({ name: `properties/${found.id}/dataRetentionSettings`, ...changed });
}

function editable(call: Call): DemoProperty {
  const found = propertyIn(call, call.params[0]);
  if (found.canEdit) return found;
  throw new Refusal(403, 'The caller does not have permission');
}

/** The Admin API, as far as anybody asks it. */
export const adminRoutes: readonly Route[] = [
  admin('GET', '/v1beta/accountSummaries', { scopes: READ, run: summaries }),
  admin('GET', '/v1beta/properties/{property}', { scopes: READ, run: property }),
  admin('GET', '/v1beta/properties/{property}/dataStreams', { scopes: READ, run: streams }),
  admin('GET', '/v1beta/properties/{property}/keyEvents', { scopes: READ, run: keyEvents }),
  admin('POST', '/v1beta/properties/{property}/keyEvents', { scopes: EDIT, run: createKeyEvent }),
  admin('GET', '/v1beta/properties/{property}/dataStreams/{stream}/measurementProtocolSecrets', { scopes: READ, run: secrets }),
  admin('POST', '/v1beta/properties/{property}/dataStreams/{stream}/measurementProtocolSecrets', {
    scopes: EDIT,
    run: createSecret,
  }),
  admin('POST', '/v1beta/properties/{property}:acknowledgeUserDataCollection', { scopes: EDIT, run: acknowledge }),
  admin('GET', '/v1beta/properties/{property}/dataRetentionSettings', { scopes: READ, run: retention }),
  admin('PATCH', '/v1beta/properties/{property}/dataRetentionSettings', { scopes: EDIT, run: changeRetention }),
];
