import { createHmac } from 'node:crypto';
import cookieParser from 'cookie-parser';
import { doubleCsrf } from 'csrf-csrf';
import type { Request, RequestHandler, Response } from 'express';
import type { Config } from '../../config.ts';
import { Rejected } from '../../sdk/errors.ts';
import { cookieName, isSecure, signingSecrets } from './session.ts';

/** Double submit: a signed cookie, and the same token in the form's `_csrf` or the header `x-csrf-token`. */
export interface Csrf {
  /** Before anything that reads or makes a token. */
  readonly cookies: RequestHandler;
  /** For the forms of the page being made. */
  token(req: Request, res: Response): string;
  /** @throws Rejected (`FORBIDDEN`) */
  check(req: Request): void;
}

export function createCsrf(config: Config): Csrf {
  const secrets = signingSecrets(config).map((secret) => createHmac('sha256', secret).update('csrf').digest('base64url'));
  const { generateCsrfToken, validateRequest } = doubleCsrf({
    getSecret: () => secrets,
    // Before sign-in there is no lasting session to bind to; the signed cookie alone has to match.
    getSessionIdentifier: (req) => (req.session?.userId ? req.sessionID : 'anonymous'),
    cookieName: cookieName(config, 'csrf'),
    cookieOptions: { httpOnly: true, sameSite: 'lax', secure: isSecure(config), path: '/' },
    getCsrfTokenFromRequest: (req) => req.headers['x-csrf-token'] ?? (req.body as { _csrf?: string } | undefined)?._csrf,
  });
  return {
    cookies: cookieParser(),
    token: (req, res) => generateCsrfToken(req, res),
    check: (req) => {
      if (validateRequest(req)) return;
      throw new Rejected('This page was open too long or came from elsewhere; load it again and repeat what you did.', {
        code: 'FORBIDDEN',
      });
    },
  };
}
