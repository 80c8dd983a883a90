import { type HubError, isRaw, NotFound, type Raw, ReconnectNeeded, Rejected, type Reply, TryLater, text } from 'patchbay';
import { TOO_MUCH } from './api.ts';
import { regainSeconds } from './pace.ts';

/** https://developers.facebook.com/docs/graph-api/guides/error-handling */
interface Said {
  readonly code: number;
  readonly subcode: number;
  readonly message: string;
  /** For the log: support asks for the trace. */
  readonly cause: Readonly<Record<string, unknown>>;
  readonly transient: boolean;
}

/** Nearly every error is answered with 400: what it means is in its code. */
export function explain(reply: Reply): HubError | undefined {
  const said = read(reply);
  if (!said) return undefined;
  return tooMuch(said) ?? throttled(said, reply) ?? loggedOut(said) ?? notAllowed(said) ?? proofRefused(said) ?? other(said);
}

function read(reply: Reply): Said | undefined {
  const error: Raw | undefined = isRaw(reply.data) && isRaw(reply.data['error']) ? reply.data['error'] : undefined;
  const code = error?.['code'];
  if (!error || typeof code !== 'number') return undefined;
  const subcode = typeof error['error_subcode'] === 'number' ? error['error_subcode'] : 0;
  const message = (text(error['error_user_msg']) ?? text(error['message']) ?? '').slice(0, 300);
  const cause = { status: reply.status, code, subcode, message, trace: error['fbtrace_id'] };
  return { code, subcode, message, cause, transient: error['is_transient'] === true };
}

const is = (said: Said, ...pairs: readonly (readonly [number, number])[]) =>
  pairs.some(([code, subcode]) => said.code === code && said.subcode === subcode);

/** Smaller questions may be answered; the caller asks them. */
function tooMuch(said: Said): HubError | undefined {
  const reduce = said.code === 1 && /reduce the amount of data/i.test(said.message);
  if (!reduce && !is(said, [100, 1504018], [2, 1504038])) return undefined;
  return new TryLater('Facebook could not answer so much at once. It is asked for less at the next attempt.', {
    cause: { ...said.cause, kind: TOO_MUCH },
  });
}

const THROTTLES = [4, 17, 32, 341, 613];

/** No `Retry-After` here: the usage header says when calls are possible again. */
function throttled(said: Said, reply: Reply): HubError | undefined {
  const many = THROTTLES.includes(said.code) || (said.code >= 80_000 && said.code <= 80_014);
  if (!many) return undefined;
  return new TryLater('Facebook limits how often this account may be read. It goes on by itself.', {
    code: 'RATE_LIMIT_EXCEEDED',
    afterSeconds: regainSeconds(reply.headers) ?? 60,
    cause: said.cause,
  });
}

const ENDS: Readonly<Record<number, string>> = {
  458: 'The app was removed from this Facebook login. Connect again to allow it.',
  459: 'Facebook wants this login to confirm something. Log in at facebook.com once, then connect again.',
  460: 'The password of this Facebook login was changed, which ends its connections. Connect again.',
  463: 'This connection has reached its end: Facebook ends a login after about 60 days, a token at the end chosen for it. Connect again.',
  464: 'This Facebook login is not confirmed. Confirm it at facebook.com, then connect again.',
};

/** Nothing renews a login: only its owner can. */
function loggedOut(said: Said): HubError | undefined {
  if (said.code !== 190 && said.code !== 102) return undefined;
  // A role on a page that was lost ends the page's token, not the login.
  if (/page access token/i.test(said.message) || said.subcode === 492) {
    return new Rejected(
      'Facebook does not give the data of this page to this login. Ask for a task on the page, then try again.',
      {
        code: 'FORBIDDEN',
        cause: said.cause,
      },
    );
  }
  const why =
    ENDS[said.subcode] ??
    'Facebook does not accept this login or token, or no longer. Check that a token was copied whole, or connect again.';
  return new ReconnectNeeded(why, { cause: said.cause });
}

function notAllowed(said: Said): HubError | undefined {
  if (said.code !== 3 && said.code !== 10 && !(said.code >= 200 && said.code <= 299)) return undefined;
  return new Rejected(
    `Facebook does not allow this to the login${because(said)} Connect again and allow every permission, or ask for access to the ad account or page in Business Settings.`,
    { code: 'FORBIDDEN', cause: said.cause },
  );
}

function proofRefused(said: Said): HubError | undefined {
  if (!/appsecret_proof/i.test(said.message)) return undefined;
  const missing = /require/i.test(said.message);
  const message = missing
    ? 'The app this token was made with accepts calls with its secret only. Give the App ID and the app secret as well.'
    : 'The app secret does not belong to the app this token was made with. Copy both from the same app.';
  return new Rejected(message, {
    code: 'INVALID_CREDENTIALS',
    cause: said.cause,
    fields: [{ pointer: '/fields/appSecret', message: missing ? 'Give the app secret.' : 'Copy the secret of the token’s app.' }],
  });
}

function other(said: Said): HubError | undefined {
  const { cause } = said;
  if (said.code === 1 && /client secret/i.test(said.message)) return clientRefused(cause);
  if (said.code === 101) return clientRefused(cause);
  if (said.code === 1 || said.code === 2 || said.code === -2 || said.transient) {
    return new TryLater('Facebook has trouble at the moment. It is asked again later.', { cause });
  }
  if (is(said, [100, 33]) || said.code === 803)
    return new NotFound('Facebook does not have this, or not for this login.', { cause });
  if (said.code === 368) return new Rejected(`Facebook blocks this for now, as it looks like misuse${because(said)}`, { cause });
  if (said.code === 2635) {
    return new Rejected('Facebook no longer answers the version of its API this plugin speaks. Update the plugin.', { cause });
  }
  if (said.code === 100 && /authorization code|verification code/i.test(said.message)) {
    return new Rejected('The sign-in took too long or was used twice. Start the connection again.', {
      code: 'INVALID_CREDENTIALS',
      cause,
    });
  }
  return new Rejected(`Facebook refused this${because(said)}`, { cause });
}

function clientRefused(cause: unknown): HubError {
  return new Rejected('Facebook does not know this hub’s app, or not with this secret. The operator must check both.', {
    code: 'PLUGIN_UNAVAILABLE',
    cause,
  });
}

function because({ message }: Said): string {
  const words = message.replace(/^\(#-?\d+\)\s*/, '').replace(/[.\s]+$/, '');
  return words ? `: ${words}.` : '.';
}
