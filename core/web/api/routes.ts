import { actionRoutes } from './actions.ts';
import { activityRoutes } from './activity.ts';
import { adminIntegrationRoutes } from './admin-integrations.ts';
import { adminTemplateRoutes } from './admin-templates.ts';
import { analyticsRoutes } from './analytics.ts';
import { auditRoutes } from './audit.ts';
import { bulkRoutes } from './bulk.ts';
import { cardRoutes } from './cards.ts';
import { connectLinkRoutes } from './connect-links.ts';
import { documentRoutes } from './document.ts';
import { eventRoutes } from './events.ts';
import { flatRoutes } from './flat.ts';
import { integrationRoutes } from './integrations.ts';
import { keyRoutes } from './keys.ts';
import { liveRoutes } from './live.ts';
import { oauthRoutes } from './oauth.ts';
import { operationRoutes } from './operations.ts';
import { peopleRoutes } from './people.ts';
import { adminPeopleRoutes } from './people-admin.ts';
import { userRoutes } from './people-users.ts';
import { privacyRoutes } from './privacy.ts';
import { recordRoutes } from './records.ts';
import type { ApiRoute } from './route.ts';
import { runRoutes } from './runs.ts';
import { scheduleRoutes } from './schedules.ts';
import { unreadableEventRoutes } from './unreadable-events.ts';
import { webhookRoutes } from './webhooks.ts';

/** Every call there is: what is not in it does not exist, and what is in it is in the document. */
export const apiRoutes: readonly ApiRoute[] = [
  ...keyRoutes,
  ...cardRoutes,
  ...bulkRoutes,
  ...integrationRoutes,
  ...connectLinkRoutes,
  ...operationRoutes,
  ...actionRoutes,
  ...analyticsRoutes,
  ...liveRoutes,
  ...runRoutes,
  ...scheduleRoutes,
  ...eventRoutes,
  ...unreadableEventRoutes,
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
