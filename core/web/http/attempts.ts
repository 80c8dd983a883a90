import type { Request } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';
import { type Attempt, LoginThrottle } from '../../access/login-throttle.ts';
import type { Services, Web } from '../services.ts';
import { knownDevice } from './session.ts';

/** What {@link attemptAt} puts before the address of who owes a code. */
const AT_CODE = /^(?:first )?code /;

/** Writes down when guessing at somebody was stopped; who typed an address nobody has is not written down with it. */
export function loginThrottle({ dataSource, accounts, audit }: Services): LoginThrottle {
  return new LoginThrottle({
    database: dataSource,
    onExhausted: async ({ email, ip }) => {
      const user = await accounts.findByEmail(email.replace(AT_CODE, ''));
      await audit.record({ actor: 'nobody', action: 'login.blocked', target: user?.id, ip });
    },
  });
}

/** Mails that anybody may ask for: nobody forgets more often, and nobody's mailbox is to be filled. */
const MAIL_LIMITS = { perAddress: 3, perIp: 20, seconds: 3600, everywhere: 5, everywhereSeconds: 3600 };

export function mailThrottle({ dataSource }: Services): LoginThrottle {
  return new LoginThrottle({ database: dataSource, kind: 'mail', limits: MAIL_LIMITS });
}

/** Of whoever sends this request, at proving to be `email`. A network of one household counts as one address. */
export function attemptOf(web: Web, req: Request, email: string): Attempt {
  return { email, ip: ipKeyGenerator(req.ip ?? ''), device: knownDevice(web.config, req, email) };
}

/** The same at a code or a link, which are counted apart from passwords. */
export function attemptAt(web: Web, req: Request, { what, email }: { what: string; email: string }): Attempt {
  return { ...attemptOf(web, req, email), email: `${what} ${email}` };
}
