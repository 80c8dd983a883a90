import { action, type Form, isRaw, type Raw, Rejected, rows, text } from 'patchbay';
import { ACKNOWLEDGEMENT } from './acknowledgement.ts';
import { DATA_API } from './api.ts';
import { requiredProperty, withoutProperty } from './barred.ts';
import { DURATION_WORDS, DURATIONS } from './durations.ts';
import type { Config, Context } from './manifest.ts';
import { REPORTS } from './reports.ts';
import { streamOf } from './sending.ts';

const nothing = { type: 'object', properties: {} } as const satisfies Form;

const liveVisitors = action({
  title: 'Who is there now',
  methods: ['oauth'],
  description: 'Visitors and events of the last 30 minutes, as Realtime in Google Analytics shows them. Changes nothing.',
  input: nothing,
  barred: withoutProperty,
  async run(ctx: Context) {
    const { data } = await ctx.http.post(`${DATA_API}/properties/${requiredProperty(ctx)}:runRealtimeReport`, {
      json: { dimensions: [{ name: 'eventName' }], metrics: [{ name: 'eventCount' }, { name: 'activeUsers' }] },
      idempotent: true,
    });
    const events = rows(isRaw(data) ? data['rows'] : undefined).map((row) => {
      const [count, users] = rows(row['metricValues']).map(({ value }) => Number(value));
      return { event: String(rows(row['dimensionValues'])[0]?.['value'] ?? ''), count: count ?? 0, users: users ?? 0 };
    });
    return { data: { minutes: 30, events } };
  },
});

const createKeyEvent = action({
  title: 'Create a key event',
  methods: ['oauth'],
  description: 'Counts an event of the property as a key event (a conversion) from now on.',
  input: {
    type: 'object',
    required: ['eventName'],
    properties: {
      eventName: {
        type: 'string',
        title: 'Event',
        description: 'Its name, such as sign_up.',
        pattern: '^[A-Za-z][A-Za-z0-9_]{0,39}$',
      },
      counting: {
        type: 'string',
        title: 'Count it',
        description: 'Each time, or once for each visit.',
        enum: ['ONCE_PER_EVENT', 'ONCE_PER_SESSION'],
        'x-labels': { ONCE_PER_EVENT: 'Each time', ONCE_PER_SESSION: 'Once for each visit' },
        default: 'ONCE_PER_EVENT',
      },
    },
  },
  barred: withoutProperty,
  async run(ctx: Context, input) {
    const { data } = await ctx.http.post<Raw>(`/properties/${requiredProperty(ctx)}/keyEvents`, {
      json: { eventName: input.eventName, countingMethod: input.counting ?? 'ONCE_PER_EVENT' },
    });
    return { data: { keyEvent: isRaw(data) ? data : {} }, effects: [{ kind: 'resync', stream: 'keyEvents' }] };
  },
});

const createApiSecret = action({
  title: 'Create an API secret',
  methods: ['oauth'],
  description: 'Makes the secret that events are sent with, for the data stream in the settings. It is used from then on.',
  input: {
    type: 'object',
    required: ['acknowledge'],
    properties: {
      acknowledge: { type: 'boolean', title: 'I agree', description: `Google asks you to say: "${ACKNOWLEDGEMENT}"` },
      name: {
        type: 'string',
        title: 'Name',
        description: 'How Google Analytics lists it.',
        maxLength: 80,
        default: 'Shop server',
      },
    },
  },
  barred: withoutProperty,
  async run(ctx: Context, input) {
    if (input.acknowledge !== true) {
      const message = 'Google makes a secret only for those who agree to this.';
      throw new Rejected(message, { fields: [{ pointer: '/acknowledge', message }] });
    }
    const id = requiredProperty(ctx);
    const stream = await streamOf(ctx, id, text(ctx.config.measurementId));
    await ctx.http.post(`/properties/${id}:acknowledgeUserDataCollection`, {
      json: { acknowledgement: ACKNOWLEDGEMENT },
      idempotent: true,
    });
    const { data } = await ctx.http.post<Raw>(`/${stream.name}/measurementProtocolSecrets`, {
      json: { displayName: input.name ?? 'Shop server' },
    });
    // The value stays at Google: sending reads it there.
    return { data: { measurementId: stream.measurementId, name: (isRaw(data) && text(data['displayName'])) || '' } };
  },
});

const duration = (title: string) =>
  ({
    type: 'string',
    title,
    description: 'Empty: as the settings prefer.',
    enum: DURATIONS,
    'x-labels': DURATION_WORDS,
  }) as const;

const setDataRetention = action({
  title: 'Change data retention',
  methods: ['oauth'],
  description: 'Sets how long Google Analytics keeps data of the property. Shorter times delete what is older, for good.',
  input: {
    type: 'object',
    properties: {
      eventDataRetention: duration('Keep event data for'),
      userDataRetention: duration('Keep user data for'),
      resetUserDataOnNewActivity: {
        type: 'boolean',
        title: 'Begin anew with each visit',
        description: 'A user’s time begins again whenever they come back.',
      },
    },
  },
  barred: withoutProperty,
  async run(ctx: Context, input) {
    const id = requiredProperty(ctx);
    const wanted = (given: string | undefined, usual: Config['eventDataRetention']) =>
      given ?? (usual === 'keep' ? undefined : usual);
    const changes = {
      event_data_retention: ['eventDataRetention', wanted(input.eventDataRetention, ctx.config.eventDataRetention)],
      user_data_retention: ['userDataRetention', wanted(input.userDataRetention, ctx.config.userDataRetention)],
      reset_user_data_on_new_activity: ['resetUserDataOnNewActivity', input.resetUserDataOnNewActivity],
    } as const;
    const set = Object.entries(changes).filter(([, [, to]]) => to !== undefined);
    if (set.length === 0) throw new Rejected('Nothing to change: choose a time here, or a preference in the settings.');
    const { data } = await ctx.http.patch<Raw>(`/properties/${id}/dataRetentionSettings`, {
      query: { updateMask: set.map(([mask]) => mask).join(',') },
      json: Object.fromEntries(set.map(([, [name, to]]) => [name, to])),
      idempotent: true,
    });
    return { data: { retention: isRaw(data) ? data : {} }, effects: [{ kind: 'resync', stream: 'settings' }] };
  },
});

const checkReports = action({
  title: 'Check the reports',
  methods: ['oauth'],
  description: 'Asks Google whether the property can make each report that is synced. Changes nothing.',
  input: nothing,
  barred: withoutProperty,
  async run(ctx: Context) {
    const id = requiredProperty(ctx);
    const reports: { report: string; incompatible: string[] }[] = [];
    for (const { title, dimensions, metrics } of Object.values(REPORTS)) {
      const names = (list: readonly string[]) => list.map((name) => ({ name }));
      const { data } = await ctx.http.post(`${DATA_API}/properties/${id}:checkCompatibility`, {
        json: { dimensions: names(['date', ...dimensions]), metrics: names(metrics), compatibilityFilter: 'INCOMPATIBLE' },
        idempotent: true,
      });
      reports.push({ report: title, incompatible: incompatible(data, [...dimensions, ...metrics]) });
    }
    return { data: { reports, fine: reports.every(({ incompatible: names }) => names.length === 0) } };
  },
});

function incompatible(data: unknown, asked: readonly string[]): string[] {
  const answer = isRaw(data) ? data : {};
  const named = [
    ...rows(answer['dimensionCompatibilities']).map(({ dimensionMetadata }) => dimensionMetadata),
    ...rows(answer['metricCompatibilities']).map(({ metricMetadata }) => metricMetadata),
  ];
  return named.flatMap((metadata) =>
    isRaw(metadata) && asked.includes(String(metadata['apiName'])) ? [String(metadata['apiName'])] : [],
  );
}

export const propertyActions = { liveVisitors, createKeyEvent, createApiSecret, setDataRetention, checkReports };
