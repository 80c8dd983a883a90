import { randomBytes } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import helmet from 'helmet';
import type { Config } from '../../config.ts';
import { isSecure } from './session.ts';

/** Devices and powers no page of ours asks for. */
const NOT_OURS = ['camera', 'microphone', 'geolocation', 'payment', 'usb', 'serial', 'bluetooth', 'midi', 'display-capture'];

/** What every answer of Express tells browsers; scripts run only where they carry {@link nonceOf} of their own page. */
export function securityHeaders(config: Config): readonly RequestHandler[] {
  const policy = NOT_OURS.map((name) => `${name}=()`).join(', ');
  const own: RequestHandler = (_req, res, next) => {
    res.locals['nonce'] = newNonce();
    res.set('permissions-policy', policy);
    next();
  };
  return [own, helmet(headers(config))];
}

/** Always as long as another. */
export function newNonce(): string {
  return randomBytes(16).toString('base64url');
}

/** New with every answer, so that no markup somebody brought in can guess it. */
export function nonceOf(res: Response): string {
  return String(res.locals['nonce'] ?? '');
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
        scriptSrc: [(_req, res) => `'nonce-${nonceOf(res as Response)}'`],
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
    frameguard: { action: 'deny' },
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
