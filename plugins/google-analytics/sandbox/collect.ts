import type { SandboxRequest, SandboxResponse } from 'patchbay';
import { type Finding, findings } from './collect-rules.ts';
import { type Received, withReceived } from './state.ts';
import type { World } from './world.ts';

const MOST_BYTES = 130_000;

/** www.google-analytics.com and region1: takes whatever comes and says nothing; the debug address says what is wrong, and keeps nothing. */
export function collect(req: SandboxRequest, world: World, now: number): SandboxResponse {
  const debug = req.path === '/debug/mp/collect';
  if (!debug && req.path !== '/mp/collect')
    return { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>404</html>' };
  if (req.method !== 'POST') return { status: 405, body: '' };
  const body = parsed(req.body);
  const found = Buffer.byteLength(req.body) > MOST_BYTES ? [TOO_LARGE] : findings(body, now);
  if (debug) {
    const keyless = req.query.get('measurement_id') ? [] : [NO_ID];
    return {
      status: 200,
      headers: { 'content-type': 'application/json; charset=UTF-8' },
      body: { validationMessages: [...keyless, ...found] },
    };
  }
  const received = receivedEvents(req, { body, found, world, now });
  if (received.length > 0) world.change(withReceived(world.state, received));
  return { status: 204, body: '' };
}

const TOO_LARGE: Finding = {
  fieldPath: '',
  description: 'The post body must be smaller than 130kB.',
  validationCode: 'VALUE_OUT_OF_BOUNDS',
};
const NO_ID: Finding = {
  fieldPath: 'measurement_id',
  description: 'Measurement requires a measurement_id.',
  validationCode: 'VALUE_REQUIRED',
};

interface Posted {
  readonly body: unknown;
  readonly found: readonly Finding[];
  readonly world: World;
  readonly now: number;
}

function receivedEvents(req: SandboxRequest, { body, found, world, now }: Posted): Received[] {
  const measurementId = req.query.get('measurement_id');
  const known = world.measured(measurementId);
  const secrets = known ? world.secrets(known.property, known.stream) : [];
  const opened = secrets.some(({ secretValue }) => secretValue === req.query.get('api_secret'));
  const why = !known ? 'unknown measurement id' : !opened ? 'wrong API secret' : found[0]?.description;
  const {
    events,
    client_id: clientId,
    user_id: userId,
    timestamp_micros: at,
    ...beside
  } = (body ?? {}) as Record<string, unknown>;
  if (!Array.isArray(events)) return [];
  return events.map((event: Record<string, unknown>): Received => {
    const micros = Number(event['timestamp_micros'] ?? at);
    return {
      at: new Date(now).toISOString(),
      happened: Number.isFinite(micros) ? micros / 1000 : now,
      measurementId: measurementId ?? '',
      propertyId: known?.property.id,
      clientId: String(clientId),
      userId: typeof userId === 'string' ? userId : undefined,
      name: String(event['name']),
      params: (event['params'] ?? {}) as Record<string, unknown>,
      beside,
      counted: why === undefined,
      ...(why !== undefined && { why }),
    };
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
