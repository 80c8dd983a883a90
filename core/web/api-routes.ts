import { adminApiRoutes } from './api-admin-routes.ts';
import { downloadEvent, listKept, replayEvents, showEvent } from './api-events.ts';
import { createFlat, listFlat, listLogs, syncFlat, syncFlatOne, testFlat, testFlatOne } from './api-flat.ts';
import {
  changeIntegration,
  connectIntegration,
  disconnectIntegration,
  getIntegration,
  listCards,
  listStores,
  reconnectIntegration,
} from './api-integrations.ts';
import { createApiKey, listApiKeys, revokeApiKey } from './api-keys.ts';
import { authorize, callback, refreshToken } from './api-oauth.ts';
import {
  configureIntegration,
  listActions,
  listOptions,
  runAction,
  showHealth,
  showStatus,
  syncIntegration,
  testIntegration,
} from './api-operations.ts';
import { getRecord, listRecords } from './api-records.ts';
import { cancelRun, getRun, listEvents, listRuns, replayEvent } from './api-runs.ts';
import type { Route } from './route.ts';

const ONE = '/api/stores/:store/integrations/:integration';

/** JSON in, JSON out. */
export const apiRoutes: readonly Route[] = [
  { on: 'POST /api/api-keys', who: 'anyone', run: createApiKey },
  { on: 'GET /api/api-keys', who: 'signed-in', run: listApiKeys },
  { on: 'DELETE /api/api-keys/:key', who: 'signed-in', run: revokeApiKey },

  { on: 'GET /api/stores', who: 'signed-in', run: listStores },
  { on: 'GET /api/stores/:store/integrations', who: 'signed-in', run: listCards },
  { on: 'POST /api/stores/:store/integrations/:plugin/connect', who: 'signed-in', run: connectIntegration },
  { on: `GET ${ONE}`, who: 'signed-in', run: getIntegration },
  { on: `PATCH ${ONE}`, who: 'signed-in', run: changeIntegration },
  { on: `DELETE ${ONE}`, who: 'signed-in', run: disconnectIntegration },
  { on: `DELETE ${ONE}/disconnect`, who: 'signed-in', run: disconnectIntegration },
  { on: `PUT ${ONE}/configure`, who: 'signed-in', run: configureIntegration },
  { on: `GET ${ONE}/status`, who: 'signed-in', run: showStatus },
  { on: `GET ${ONE}/health`, who: 'signed-in', run: showHealth },
  { on: `POST ${ONE}/test`, who: 'signed-in', run: testIntegration },
  { on: `POST ${ONE}/sync`, who: 'signed-in', run: syncIntegration },
  { on: `POST ${ONE}/reconnect`, who: 'signed-in', run: reconnectIntegration },
  { on: `GET ${ONE}/runs`, who: 'signed-in', run: listRuns },
  { on: `GET ${ONE}/logs`, who: 'signed-in', run: listRuns },
  { on: `GET ${ONE}/runs/:run`, who: 'signed-in', run: getRun },
  { on: `POST ${ONE}/runs/:run/cancel`, who: 'signed-in', run: cancelRun },
  { on: `GET ${ONE}/events`, who: 'signed-in', run: listEvents },
  { on: `GET ${ONE}/events/kept`, who: 'signed-in', run: listKept },
  { on: `POST ${ONE}/events/replay`, who: 'signed-in', run: replayEvents },
  { on: `GET ${ONE}/events/:event`, who: 'signed-in', run: showEvent },
  { on: `GET ${ONE}/events/:event/body`, who: 'signed-in', run: downloadEvent },
  { on: `POST ${ONE}/events/:event/replay`, who: 'signed-in', run: replayEvent },
  { on: `GET ${ONE}/records/:stream`, who: 'signed-in', run: listRecords },
  { on: `GET ${ONE}/records/:stream/:record`, who: 'signed-in', run: getRecord },
  { on: `GET ${ONE}/options/:name`, who: 'signed-in', run: listOptions },
  { on: `GET ${ONE}/actions`, who: 'signed-in', run: listActions },
  { on: `POST ${ONE}/actions/:action`, who: 'signed-in', run: runAction },

  { on: 'GET /api/integrations', who: 'signed-in', run: listFlat },
  { on: 'POST /api/integrations', who: 'signed-in', run: createFlat },
  { on: 'GET /api/integrations/logs', who: 'signed-in', run: listLogs },
  { on: 'POST /api/integrations/test', who: 'signed-in', run: testFlat },
  { on: 'POST /api/integrations/sync', who: 'signed-in', run: syncFlat },
  { on: 'POST /api/integrations/:id/test', who: 'signed-in', run: testFlatOne },
  { on: 'POST /api/integrations/:id/sync', who: 'signed-in', run: syncFlatOne },
  { on: 'GET /api/integrations/:plugin/oauth/authorize', who: 'signed-in', run: authorize },
  { on: 'GET /api/integrations/:plugin/oauth/callback', who: 'signed-in', run: callback },
  { on: 'POST /api/integrations/:plugin/oauth/callback', who: 'signed-in', run: callback },
  { on: 'POST /api/integrations/:plugin/oauth/refresh', who: 'signed-in', run: refreshToken },

  ...adminApiRoutes,
];
