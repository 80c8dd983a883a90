import {
  getAnyIntegration,
  listAllIntegrations,
  listIntegrationsByStatus,
  listIntegrationsOfStore,
  setIntegrationStatus,
  syncAnyIntegration,
  testAnyIntegration,
} from './api-admin-integrations.ts';
import {
  changeTemplate,
  createTemplate,
  getTemplate,
  listActiveTemplates,
  listTemplates,
  listTemplatesOfCategory,
  removeTemplate,
} from './api-admin-templates.ts';
import { listTrays } from './api-events.ts';
import type { Route } from './route.ts';

const TEMPLATES = '/api/admin/integration-templates';
const INTEGRATIONS = '/api/admin/integrations';

/** For the hub's administrator: a session, or an API key of his with the scope `admin`. */
export const adminApiRoutes: readonly Route[] = [
  { on: `GET ${TEMPLATES}`, who: 'operator', run: listTemplates },
  { on: `POST ${TEMPLATES}`, who: 'operator', run: createTemplate },
  { on: `GET ${TEMPLATES}/active`, who: 'operator', run: listActiveTemplates },
  { on: `GET ${TEMPLATES}/category/:category`, who: 'operator', run: listTemplatesOfCategory },
  { on: `GET ${TEMPLATES}/:id`, who: 'operator', run: getTemplate },
  { on: `PATCH ${TEMPLATES}/:id`, who: 'operator', run: changeTemplate },
  { on: `DELETE ${TEMPLATES}/:id`, who: 'operator', run: removeTemplate },

  { on: `GET ${INTEGRATIONS}`, who: 'operator', run: listAllIntegrations },
  { on: `GET ${INTEGRATIONS}/store/:store`, who: 'operator', run: listIntegrationsOfStore },
  { on: `GET ${INTEGRATIONS}/status/:status`, who: 'operator', run: listIntegrationsByStatus },
  { on: `GET ${INTEGRATIONS}/:id`, who: 'operator', run: getAnyIntegration },
  { on: `PATCH ${INTEGRATIONS}/:id/status`, who: 'operator', run: setIntegrationStatus },
  { on: `POST ${INTEGRATIONS}/:id/test`, who: 'operator', run: testAnyIntegration },
  { on: `POST ${INTEGRATIONS}/:id/sync`, who: 'operator', run: syncAnyIntegration },

  { on: 'GET /api/admin/events', who: 'operator', run: listTrays },
];
