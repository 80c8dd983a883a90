import type { Route } from '../http/route.ts';
import { showAdmin, showAdminPlugins } from './admin.ts';
import { saveApp } from './admin-app.ts';
import { cancelBatch, showBatch } from './admin-bulk.ts';
import { changeCard, createCard, putBackGeneration, removeCard, showNewCard, switchPlugin } from './admin-change.ts';
import { checkUnchecked, handOver, replayStranded, showAdminEvents } from './admin-events.ts';
import { beginBatch, showAdminIntegrations } from './admin-integrations.ts';
import { showAdminPlugin } from './admin-plugin.ts';
import { showCheckerRules } from './admin-rules.ts';
import { downloadUnreadable, putBackUnreadable, setAsideUnreadable, showUnreadable } from './admin-unreadable.ts';
import { downloadAdminAudit, showAdminAudit } from './audit.ts';

/** For the hub's administrator. */
export const adminPageRoutes: readonly Route[] = [
  { on: 'GET /admin', who: 'operator', run: showAdmin },
  { on: 'GET /admin/integrations', who: 'operator', run: showAdminIntegrations },
  { on: 'POST /admin/integrations', who: 'operator', run: beginBatch },
  { on: 'GET /admin/bulk/:batch', who: 'operator', run: showBatch },
  { on: 'POST /admin/bulk/:batch/cancel', who: 'operator', run: cancelBatch },
  { on: 'GET /admin/plugins', who: 'operator', run: showAdminPlugins },
  { on: 'GET /admin/plugins/:id', who: 'operator', run: showAdminPlugin },
  { on: 'POST /admin/plugins/:id/active', who: 'operator', run: switchPlugin },
  { on: 'POST /admin/plugins/:id/card', who: 'operator', run: changeCard },
  { on: 'POST /admin/plugins/:id/app', who: 'operator', run: saveApp },
  { on: 'POST /admin/plugins/:id/put-back', who: 'operator', run: putBackGeneration },
  { on: 'POST /admin/plugins/:id/remove', who: 'operator', run: removeCard },
  { on: 'GET /admin/events', who: 'operator', run: showAdminEvents },
  { on: 'POST /admin/events/replay', who: 'operator', run: replayStranded },
  { on: 'POST /admin/events/hand-over', who: 'operator', run: handOver },
  { on: 'POST /admin/events/check', who: 'operator', run: checkUnchecked },
  { on: 'GET /admin/events/unreadable', who: 'operator', run: showUnreadable },
  { on: 'GET /admin/events/unreadable/:integration/:row', who: 'operator', run: downloadUnreadable },
  { on: 'POST /admin/events/unreadable/set-aside', who: 'operator', run: setAsideUnreadable },
  { on: 'POST /admin/events/unreadable/put-back', who: 'operator', run: putBackUnreadable },
  { on: 'GET /admin/audit', who: 'operator', run: showAdminAudit },
  { on: 'GET /admin/audit/file', who: 'operator', run: downloadAdminAudit },
  { on: 'GET /admin/checker-rules', who: 'operator', run: showCheckerRules },
  { on: 'GET /admin/templates/new', who: 'operator', run: showNewCard },
  { on: 'POST /admin/templates', who: 'operator', run: createCard },
];
