import type { Route } from '../http/route.ts';
import { act, showAction } from './action.ts';
import { activityPages } from './activity.ts';
import { adminPageRoutes } from './admin-routes.ts';
import { downloadAudit, showAudit } from './audit.ts';
import { askAgain, checkSettings, configure, showConfigure, testSettings } from './configure.ts';
import { cancelLink, connectLinkByKeys, connectLinkByOauth, showConnectLink } from './connect-link.ts';
import { checkKeys, connectManually } from './connect-manual.ts';
import { initiateOauth, returnFromOauth } from './connect-oauth.ts';
import { testIntegration } from './connection-test.ts';
import { showDashboard } from './dashboard.ts';
import { disconnect, showDisconnect } from './disconnect.ts';
import { downloadEvent, replayEvent, showEvent } from './event.ts';
import { showFirstSync } from './first-sync.ts';
import { showIntegration } from './integration.ts';
import { showIntegrations } from './integrations.ts';
import { landings } from './landing.ts';
import { chooseLanguage } from './language.ts';
import { logIn, logOut, showLogin } from './login.ts';
import { previewMessages, replayMessages, showMessages } from './messages.ts';
import { noticePageRoutes } from './notice-routes.ts';
import { pause, resume } from './pause.ts';
import { peoplePageRoutes } from './people-routes.ts';
import { showPlugin } from './plugin.ts';
import { privacyPages } from './privacy.ts';
import { reconnect, showReconnect } from './reconnect.ts';
import { showRecords } from './records.ts';
import { removeIntegration, showRemove } from './remove.ts';
import { cancelRun, showRun, showRuns } from './run.ts';
import { runSandboxCommand, showSandbox } from './sandbox.ts';
import { setSchedules } from './schedule.ts';
import { setUp, showSetup } from './setup.ts';
import { showStores, start, switchStore } from './stores.ts';
import { syncIntegration } from './sync.ts';
import { wish } from './wish.ts';

/** Without the addresses that only lead back to a page. */
export const pages: readonly Route[] = [
  { on: 'GET /', who: 'anyone', run: start },
  { on: 'GET /setup', who: 'anyone', run: showSetup },
  { on: 'POST /setup', who: 'anyone', run: setUp },
  { on: 'GET /login', who: 'anyone', run: showLogin },
  { on: 'POST /login', who: 'anyone', run: logIn },
  { on: 'POST /logout', who: 'anyone', run: logOut },
  { on: 'POST /language', who: 'anyone', run: chooseLanguage },
  { on: 'GET /connect/:token', who: 'anyone', run: showConnectLink },
  { on: 'POST /connect/:token/oauth', who: 'anyone', run: connectLinkByOauth },
  { on: 'POST /connect/:token/manual', who: 'anyone', run: connectLinkByKeys },
  { on: 'POST /connect/:token/cancel', who: 'anyone', run: cancelLink },
  { on: 'GET /stores', who: 'signed-in', run: showStores },
  { on: 'POST /stores', who: 'signed-in', run: switchStore },
  { on: 'GET /dashboard', who: 'signed-in', run: showDashboard },
  { on: 'GET /integrations', who: 'signed-in', run: showIntegrations },
  { on: 'GET /integrations/:plugin', who: 'signed-in', run: showPlugin },
  { on: 'POST /integrations/:plugin/wish', who: 'signed-in', run: wish },
  { on: 'POST /integrations/:plugin/oauth/initiate', who: 'signed-in', run: initiateOauth },
  { on: 'GET /integrations/:plugin/oauth/callback', who: 'anyone', run: returnFromOauth },
  { on: 'POST /integrations/:plugin/manual/connect', who: 'signed-in', run: connectManually },
  { on: 'POST /integrations/:plugin/manual/check', who: 'signed-in', run: checkKeys },
  { on: 'GET /integrations/:plugin/:id', who: 'signed-in', run: showIntegration },
  { on: 'GET /integrations/:plugin/:id/configure', who: 'signed-in', run: showConfigure },
  { on: 'POST /integrations/:plugin/:id/configure', who: 'signed-in', run: configure },
  { on: 'POST /integrations/:plugin/:id/configure/check', who: 'signed-in', run: checkSettings },
  { on: 'POST /integrations/:plugin/:id/configure/test', who: 'signed-in', run: testSettings },
  { on: 'POST /integrations/:plugin/:id/configure/again', who: 'signed-in', run: askAgain },
  { on: 'GET /integrations/:plugin/:id/first-sync', who: 'signed-in', run: showFirstSync },
  { on: 'POST /integrations/:plugin/:id/test', who: 'signed-in', run: testIntegration },
  { on: 'POST /integrations/:plugin/:id/sync', who: 'signed-in', run: syncIntegration },
  { on: 'POST /integrations/:plugin/:id/pause', who: 'signed-in', run: pause },
  { on: 'POST /integrations/:plugin/:id/resume', who: 'signed-in', run: resume },
  { on: 'POST /integrations/:plugin/:id/schedule', who: 'signed-in', run: setSchedules },
  { on: 'GET /integrations/:plugin/:id/reconnect', who: 'signed-in', run: showReconnect },
  { on: 'POST /integrations/:plugin/:id/reconnect', who: 'signed-in', run: reconnect },
  { on: 'GET /integrations/:plugin/:id/disconnect', who: 'signed-in', run: showDisconnect },
  { on: 'POST /integrations/:plugin/:id/disconnect', who: 'signed-in', run: disconnect },
  { on: 'GET /integrations/:plugin/:id/remove', who: 'signed-in', run: showRemove },
  { on: 'POST /integrations/:plugin/:id/remove', who: 'signed-in', run: removeIntegration },
  { on: 'GET /integrations/:plugin/:id/actions/:action', who: 'signed-in', run: showAction },
  { on: 'POST /integrations/:plugin/:id/actions/:action', who: 'signed-in', run: act },
  { on: 'GET /integrations/:plugin/:id/records/:stream', who: 'signed-in', run: showRecords },
  { on: 'GET /integrations/:plugin/:id/runs', who: 'signed-in', run: showRuns },
  { on: 'GET /integrations/:plugin/:id/runs/:run', who: 'signed-in', run: showRun },
  { on: 'POST /integrations/:plugin/:id/runs/:run/cancel', who: 'signed-in', run: cancelRun },
  { on: 'GET /integrations/:plugin/:id/events', who: 'signed-in', run: showMessages },
  { on: 'POST /integrations/:plugin/:id/events/preview', who: 'signed-in', run: previewMessages },
  { on: 'POST /integrations/:plugin/:id/events/replay', who: 'signed-in', run: replayMessages },
  { on: 'GET /integrations/:plugin/:id/events/:event', who: 'signed-in', run: showEvent },
  { on: 'GET /integrations/:plugin/:id/events/:event/body', who: 'signed-in', run: downloadEvent },
  { on: 'POST /integrations/:plugin/:id/events/:event/replay', who: 'signed-in', run: replayEvent },
  { on: 'GET /audit', who: 'signed-in', run: showAudit },
  { on: 'GET /audit/file', who: 'signed-in', run: downloadAudit },
  { on: 'GET /sandbox/:plugin', who: 'signed-in', run: showSandbox },
  { on: 'POST /sandbox/:plugin/panel', who: 'signed-in', run: runSandboxCommand },
  ...activityPages,
  ...peoplePageRoutes,
  ...noticePageRoutes,
  ...privacyPages,
  ...adminPageRoutes,
];

/** Pages; forms post `application/x-www-form-urlencoded` with `_csrf`. */
export const pageRoutes: readonly Route[] = [...pages, ...landings(pages)];
