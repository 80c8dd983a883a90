import type { RequestListener } from 'node:http';
import express from 'express';
import { serveAssets } from '../http/assets.ts';
import { loginThrottle, mailThrottle } from '../http/attempts.ts';
import { createCsrf } from '../http/csrf.ts';
import { errorHandler } from '../http/error-handler.ts';
import { PageStampStore } from '../http/page-stamp-store.ts';
import { serveIcon } from '../http/plugin-icon.ts';
import { RateCountStore } from '../http/rate-count-store.ts';
import { RATE_LIMITS, type RateLimits } from '../http/rate-limit.ts';
import { Repeats } from '../http/repeats.ts';
import { requestLog } from '../http/request-log.ts';
import { securityHeaders } from '../http/security-headers.ts';
import { cookieName, sessions } from '../http/session.ts';
import { createSessionStore } from '../http/session-store.ts';
import { LiveRuns } from '../live-runs.ts';
import type { Services, Web } from '../services.ts';
import { Views } from '../views.ts';
import { WebhookDesk } from '../webhooks/desk.ts';
import { webhookRoom } from '../webhooks/over-http.ts';
import { mountHealth } from './health.ts';
import { toOriginForm } from './request-target.ts';
import { mountRoutes } from './routes.ts';
import { mountSandbox } from './sandbox.ts';

export interface WebServer {
  readonly handler: RequestListener;
  /** Answers webhook calls wherever they come in. */
  readonly desk: WebhookDesk;
  endStreams(): void;
  close(): void;
}

/**
 * Everything that is answered over HTTP. Webhooks stand before Express, simulators before sessions and parsers: they see raw
 * bytes and no cookie. `endStreams` ends answers that would go on by themselves, `close` what goes on by the clock; the listening
 * server is the caller's.
 */
export function createServer(services: Services, limits: RateLimits = RATE_LIMITS): WebServer {
  const { config, log } = services;
  const csrf = createCsrf(config);
  const logged = requestLog(log);
  const live = new LiveRuns({
    read: (stores) => services.history.active(stores),
    onError: (error) => log.warn({ err: error }, 'how far syncs are could not be read'),
  });
  const web: Web = {
    ...services,
    csrf,
    live,
    throttle: loginThrottle(services),
    mailThrottle: mailThrottle(services),
    views: new Views({ brand: config.brand }),
    repeats: new Repeats({ stamps: new PageStampStore(services.dataSource), logged, cookie: cookieName(config, 'sid') }),
  };
  const store = createSessionStore(services.dataSource, log);
  // An embedded database has one host, which knows all there is to count.
  const counts = config.databaseUrl === undefined ? undefined : new RateCountStore(services);
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  if (config.trustProxy !== undefined) app.set('trust proxy', config.trustProxy);
  app.use(logged, ...securityHeaders(config));
  const endMetrics = mountHealth(app, web);
  mountSandbox(app, web);
  app.get('/assets/:file', serveAssets(web.views));
  app.get('/assets/plugins/:plugin/icon.svg', serveIcon(web));
  mountRoutes(app, web, { sessions: [csrf.cookies, sessions(config, store)], limits, counts });
  app.use(errorHandler(web));
  const desk = new WebhookDesk({ web, limits, trust: app.get('trust proxy fn') });
  const takeWebhook = webhookRoom(desk);
  return {
    desk,
    handler: (req, res) => {
      toOriginForm(req);
      if (!takeWebhook(req, res)) web.repeats.answer(req, res, app);
    },
    endStreams: () => live.close(),
    close: () => {
      endMetrics();
      counts?.close();
      store.close();
    },
  };
}
