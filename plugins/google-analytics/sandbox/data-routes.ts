import { checkNames, json, Refusal } from './answers.ts';
import { type Call, propertyIn, READ, type Route } from './call.ts';
import { HOSTS } from './demo.ts';
import { runReport, TABLES, tableFor } from './report-engine.ts';

const data = (method: string, path: string, run: Route['run']): Route => ({
  method,
  host: HOSTS.data,
  path,
  scopes: READ.slice(0, 1),
  run,
});

/** What came in the last half hour by the Measurement Protocol, and a few visitors of the site's own. */
function realtime(call: Call) {
  checkNames(call.body, [
    'dimensions',
    'metrics',
    'dimensionFilter',
    'metricFilter',
    'limit',
    'metricAggregations',
    'orderBys',
    'returnPropertyQuota',
    'minuteRanges',
  ]);
  const property = propertyIn(call, call.params[0]);
  const names = ((call.body['dimensions'] ?? []) as { name: string }[]).map(({ name }) => name);
  const metrics = ((call.body['metrics'] ?? []) as { name: string }[]).map(({ name }) => name);
  if (names.some((name) => name !== 'eventName') || metrics.some((name) => !['activeUsers', 'eventCount'].includes(name)))
    throw new Refusal(400, 'Please remove a field to make the request compatible.');
  const recent = call.world.state.received.filter(
    ({ propertyId, counted, at }) => counted && propertyId === property.id && call.now - Date.parse(at) < 30 * 60_000,
  );
  const counts = new Map<string, { eventCount: number; users: Set<string> }>();
  const own = Array.from({ length: Math.ceil(property.size / 20) }, (_, index) => ({
    name: 'page_view',
    clientId: `visitor-${index}`,
  }));
  for (const { name, clientId } of [...own, ...recent]) {
    const key = names.length > 0 ? name : '';
    const entry = counts.get(key) ?? { eventCount: 0, users: new Set<string>() };
    counts.set(key, { eventCount: entry.eventCount + 1, users: entry.users.add(clientId) });
  }
  const rows = [...counts].map(([name, { eventCount, users }]) => ({
    dimensionValues: names.map(() => ({ value: name })),
    metricValues: metrics.map((metric) => ({ value: String(metric === 'eventCount' ? eventCount : users.size) })),
  }));
  return json({
    dimensionHeaders: names.map((name) => ({ name })),
    metricHeaders: metrics.map((name) => ({ name, type: 'TYPE_INTEGER' })),
    rows,
    rowCount: rows.length,
    kind: 'analyticsData#runRealtimeReport',
  });
}

function compatibility(call: Call) {
  checkNames(call.body, ['dimensions', 'metrics', 'dimensionFilter', 'metricFilter', 'compatibilityFilter']);
  propertyIn(call, call.params[0]);
  const list = (value: unknown) => ((value ?? []) as { name: string }[]).map(({ name }) => name);
  const table = TABLES[tableFor(list(call.body['dimensions']), list(call.body['metrics']))];
  const wanted = call.body['compatibilityFilter'];
  const verdict = (known: readonly string[]) => (name: string) => ({
    name,
    compatibility: known.includes(name) ? 'COMPATIBLE' : 'INCOMPATIBLE',
  });
  const kept = ({ compatibility: is }: { compatibility: string }) => wanted === undefined || wanted === is;
  const all = Object.values(TABLES);
  const dimensions = [...new Set(all.flatMap((one) => one.dimensions))].map(verdict(table.dimensions)).filter(kept);
  const metrics = [...new Set(all.flatMap((one) => one.metrics))].map(verdict(table.metrics)).filter(kept);
  return json({
    dimensionCompatibilities: dimensions.map(({ name, compatibility: is }) => ({
      dimensionMetadata: { apiName: name },
      compatibility: is,
    })),
    metricCompatibilities: metrics.map(({ name, compatibility: is }) => ({
      metricMetadata: { apiName: name },
      compatibility: is,
    })),
  });
}

/** The Data API, as far as anybody asks it. */
export const dataRoutes: readonly Route[] = [
  data('POST', '/v1beta/properties/{property}:runReport', (call) => runReport(call, propertyIn(call, call.params[0]))),
  data('POST', '/v1beta/properties/{property}:runRealtimeReport', realtime),
  data('POST', '/v1beta/properties/{property}:checkCompatibility', compatibility),
];
