import { activityRoutes } from './api-activity.ts';
import { adminIntegrationRoutes } from './api-admin-integrations.ts';
import { adminTemplateRoutes } from './api-admin-templates.ts';
import { analyticsRoutes } from './api-analytics.ts';
import { auditRoutes } from './api-audit.ts';
import { bulkRoutes } from './api-bulk.ts';
import { cardRoutes } from './api-cards.ts';
import { connectLinkRoutes } from './api-connect-links.ts';
import { documentRoutes } from './api-document.ts';
import { eventRoutes } from './api-events.ts';
import { flatRoutes } from './api-flat.ts';
import { integrationRoutes } from './api-integrations.ts';
import { keyRoutes } from './api-keys.ts';
import { liveRoutes } from './api-live.ts';
import { oauthRoutes } from './api-oauth.ts';
import { operationRoutes } from './api-operations.ts';
import { peopleRoutes } from './api-people.ts';
import { adminPeopleRoutes } from './api-people-admin.ts';
import { userRoutes } from './api-people-users.ts';
import { privacyRoutes } from './api-privacy.ts';
import { recordRoutes } from './api-records.ts';
import type { ApiRoute } from './api-route.ts';
import { runRoutes } from './api-runs.ts';
import { scheduleRoutes } from './api-schedules.ts';
import { webhookRoutes } from './api-webhooks.ts';

/** Every call there is: what is not in it does not exist, and what is in it is in the document. */
export const apiRoutes: readonly ApiRoute[] = [
  ...keyRoutes,
  ...cardRoutes,
  ...bulkRoutes,
  ...integrationRoutes,
  ...connectLinkRoutes,
  ...operationRoutes,
  ...analyticsRoutes,
  ...liveRoutes,
  ...runRoutes,
  ...scheduleRoutes,
  ...eventRoutes,
  ...recordRoutes,
  ...flatRoutes,
  ...oauthRoutes,
  ...auditRoutes,
  ...activityRoutes,
  ...privacyRoutes,
  ...webhookRoutes,
  ...peopleRoutes,
  ...userRoutes,
  ...adminPeopleRoutes,
  ...adminTemplateRoutes,
  ...adminIntegrationRoutes,
  ...documentRoutes(() => apiRoutes),
];
