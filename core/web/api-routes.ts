import { createApiKey, listApiKeys, revokeApiKey } from './api-keys.ts';
import type { Route } from './route.ts';

/** JSON in, JSON out; design section 5.2. */
export const apiRoutes: readonly Route[] = [
  { on: 'POST /api/api-keys', who: 'anyone', run: createApiKey },
  { on: 'GET /api/api-keys', who: 'signed-in', run: listApiKeys },
  { on: 'DELETE /api/api-keys/:key', who: 'signed-in', run: revokeApiKey },
];
