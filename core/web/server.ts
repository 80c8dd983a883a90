import type { RequestListener } from 'node:http';
import express from 'express';
import helmet from 'helmet';
import type { Config } from '../config.ts';
import { serveAssets } from './assets.ts';
import { loginThrottle, mailThrottle } from './attempts.ts';
import { createCsrf } from './csrf.ts';
import { errorHandler } from './errors.ts';
import { mountHealth } from './health.ts';
import { LiveRuns } from './live-runs.ts';
import { serveIcon } from './page-icon.ts';
import { RATE_LIMITS, type RateLimits } from './rate-limit.ts';
import { requestLog } from './request-log.ts';
import { mountRoutes } from './routes.ts';
import { mountSandbox } from './sandbox.ts';
import type { Services, Web } from './services.ts';
import { isSecure, sessions } from './session.ts';
import { createSessionStore } from './session-store.ts';
import { Views } from './views.ts';
import { WebhookDesk } from './webhook-desk.ts';
import { webhookRoom } from './webhooks.ts';

export interface WebServer {
  readonly handler: RequestListener;
  /** Answers webhook calls wherever they come in. */
  readonly desk: WebhookDesk;
  endStreams(): void;
  close(): void;
}

/**
 * Everything that is answered over HTTP. Webhooks stand before Express, simulators before sessions and parsers: they see raw
 * bytes and no cookie. `endStreams` ends answers that would go on by themselves, `close` the sweep of old sessions; the listening
 * server is the caller's.
 */
export function createServer(services: Services, limits: RateLimits = RATE_LIMITS): WebServer {
  const { config, log } = services;
  const csrf = createCsrf(config);
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
  };
  const store = createSessionStore(services.dataSource, log);
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  if (config.trustProxy !== undefined) app.set('trust proxy', config.trustProxy);
  app.use(requestLog(log), helmet(headers(config)));
  const endMetrics = mountHealth(app, web);
  mountSandbox(app, web);
  app.get('/assets/:file', serveAssets(web.views));
  app.get('/assets/plugins/:plugin/icon.svg', serveIcon(web));
  mountRoutes(app, web, { sessions: [csrf.cookies, sessions(config, store)], limits });
  app.use(errorHandler(web));
  const desk = new WebhookDesk({ web, limits, trust: app.get('trust proxy fn') });
  const takeWebhook = webhookRoom(desk);
  return {
    desk,
    handler: (req, res) => void (takeWebhook(req, res) || app(req, res)),
    endStreams: () => live.close(),
    close: () => {
      endMetrics();
      store.close();
    },
  };
}

/** Nothing inline, nothing framed, nothing from elsewhere but the brand's logo. */
function headers(config: Config): Parameters<typeof helmet>[0] {
  const logo = config.brand.logoUrl ? [new URL(config.brand.logoUrl).origin] : [];
  const secure = isSecure(config);
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', ...logo],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        formAction: formTargets(config),
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        ...(secure && { upgradeInsecureRequests: [] }),
      },
    },
    strictTransportSecurity: secure,
    // The consent page of a provider opens in the same window; `same-origin` would cut it off from pop-up windows.
    crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
    referrerPolicy: { policy: 'same-origin' },
  };
}

/** Browsers check the redirects that follow a form, too: connecting posts a form and ends at the provider's consent page. */
function formTargets(config: Config): string[] {
  const mapped = [...config.egressMap.values()].map((base) => new URL(base).origin);
  const back = config.connectReturnUrls.map((url) => new URL(url).origin);
  return ["'self'", 'https:', new URL(config.publicUrl).origin, ...new Set([...mapped, ...back])];
}
