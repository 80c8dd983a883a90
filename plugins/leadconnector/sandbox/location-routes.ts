import { json, Refusal } from './answers.ts';
import { type Call, type Route, sameLocation } from './call.ts';
import { DEMO_COMPANY_ID, placeOf } from './demo.ts';

function users(call: Call) {
  return call.world.furniture(call.location).users.map(({ locationId: _, ...user }) => user);
}

/** Tags come to be by being used. */
function tags(call: Call) {
  sameLocation(call, call.params[0]);
  const used = call.world.at('contacts', call.location).flatMap((contact) => contact['tags'] as string[]);
  const names = [...new Set([...(placeOf(call.location)?.tags ?? []), ...used])].sort();
  const id = (name: string) => Buffer.from(name).toString('hex').padEnd(20, '0').slice(0, 20);
  return json(200, { tags: names.map((name) => ({ id: id(name), name, locationId: call.location })) });
}

export const locationRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/locations/{id}',
    scope: 'locations.readonly',
    run(call) {
      sameLocation(call, call.params[0]);
      const { locationId: _, ...location } = call.world.furniture(call.location).location;
      return json(200, { location });
    },
  },
  { method: 'GET', path: '/locations/{id}/tags', scope: 'locations/tags.readonly', run: tags },
  {
    method: 'GET',
    path: '/locations/{id}/customFields',
    scope: 'locations/customFields.readonly',
    run(call) {
      sameLocation(call, call.params[0]);
      const model = call.req.query.get('model') ?? 'all';
      const fields = call.world.furniture(call.location).customFields;
      return json(200, { customFields: fields.filter((field) => model === 'all' || field['model'] === model) });
    },
  },
  {
    method: 'GET',
    path: '/users/',
    scope: 'users.readonly',
    run(call) {
      sameLocation(call, call.req.query.get('locationId'));
      return json(200, { users: users(call) });
    },
  },
  {
    method: 'GET',
    path: '/users/search',
    scope: 'users.readonly',
    run(call) {
      if (call.req.query.get('companyId') !== DEMO_COMPANY_ID) throw new Refusal(422, ['companyId must be a string']);
      const found = users(call);
      return json(200, { users: found, count: found.length });
    },
  },
];
