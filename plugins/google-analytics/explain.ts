import { type HubError, isRaw, NotFound, ReconnectNeeded, Rejected, type Reply, rows, TryLater, text } from 'patchbay';
import { ERROR_REST_SECONDS, untilNextDay, untilNextHour } from './quota.ts';

/** google.rpc.Status, as far as it is needed. */
interface Status {
  readonly status: string | undefined;
  readonly message: string;
  /** `reason` of the ErrorInfo among the details. */
  readonly reason: string | undefined;
  readonly service: string | undefined;
}

function statusOf(data: unknown): Status | undefined {
  const error = isRaw(data) ? data['error'] : undefined;
  if (!isRaw(error)) return undefined;
  const info = rows(error['details']).find((detail) => text(detail['reason']));
  const metadata = info && isRaw(info['metadata']) ? info['metadata'] : undefined;
  return {
    status: text(error['status']),
    message: (text(error['message']) ?? '').slice(0, 300),
    reason: text(info?.['reason']),
    service: text(metadata?.['service']),
  };
}

/** Names the answers whose status alone misleads; everything else is left to the hub. */
export function explain(reply: Reply): 'expired' | HubError | undefined {
  if (isRaw(reply.data) && reply.data['error'] === 'invalid_grant') return endedGrant(reply.data);
  const found = statusOf(reply.data);
  if (!found) return undefined;
  // For the log: the reason says more than the status.
  const cause = { httpStatus: reply.status, ...found };
  if (reply.status === 403) return forbidden(found, cause);
  if (reply.status === 429) return exhausted(found, cause);
  if (reply.status >= 500) return new TryLater(AWAY, { afterSeconds: ERROR_REST_SECONDS, cause });
  if (reply.status === 409) return new Rejected(said(found), { code: 'CONFLICT', cause });
  if (reply.status === 404) return new NotFound(`Google Analytics does not have this (any more): ${said(found)}`, { cause });
  if (reply.status === 400 && found.status === 'INVALID_ARGUMENT') return refused(found, cause);
  return undefined;
}

const AWAY = 'Google Analytics has a problem on its side just now; it is asked again in some minutes.';

/** Answers of the token endpoint speak RFC 6749. The hub asks only here whether a refusal ends the connection. */
function endedGrant(data: unknown): HubError {
  return new ReconnectNeeded(
    'Google no longer accepts this connection: access was removed in the Google account, or not used for six months. Connect it again. If it ends each week, those who run this hub must publish its app at Google.',
    { cause: data },
  );
}

function forbidden(found: Status, cause: unknown): HubError {
  if (found.reason === 'ACCESS_TOKEN_SCOPE_INSUFFICIENT') {
    return new Rejected(
      'This was not allowed when the connection was made. Connect again and leave every box on Google’s page ticked.',
      {
        code: 'INVALID_CREDENTIALS',
        cause,
      },
    );
  }
  if (found.reason === 'SERVICE_DISABLED') {
    return new Rejected(
      `Those who run this hub must switch on ${found.service ?? 'the Google Analytics APIs'} in the Google Cloud project of its app: tell them, then try again.`,
      { code: 'PLUGIN_UNAVAILABLE', cause },
    );
  }
  return new Rejected(
    'The connected Google account may not do this with the property (any more). Give it access in Google Analytics (Admin > Property access management), or choose another property in the settings.',
    { code: 'FORBIDDEN', cause },
  );
}

/** Which quota it was is said in the message only. */
function exhausted({ message }: Status, cause: unknown): HubError {
  const now = Date.now();
  const limited = (sentence: string, afterSeconds: number) =>
    new TryLater(sentence, { code: 'RATE_LIMIT_EXCEEDED', afterSeconds, cause });
  if (/concurrent/i.test(message)) return limited('Google Analytics is answering too many reports of this property at once.', 10);
  if (/per day|under a day/i.test(message))
    return limited(
      'The property has used up what Google Analytics answers in a day; it goes on after midnight in California.',
      untilNextDay(now),
    );
  if (/per hour|under an hour/i.test(message))
    return limited(
      'The property has used up what Google Analytics answers in an hour; it goes on with the next one.',
      untilNextHour(now),
    );
  return limited('Google Analytics takes no more calls just now.', 60);
}

function refused(found: Status, cause: unknown): HubError {
  if (/incompatible|not a valid dimension|not a valid metric/i.test(found.message)) {
    return new Rejected(`Google Analytics cannot make this report for the property: ${said(found)}`, { cause });
  }
  return new Rejected(`Google Analytics refused this: ${said(found)}`, { cause });
}

/** Google's own sentence, ended as one, without the links for developers. */
function said({ message }: Status): string {
  const words = message
    .replace(/\s*(?:To learn more|For a list of|For more information)[^.]*?\bhttps?:\/\/\S+/gi, '')
    .replace(/\s+/g, ' ')
    .trim();
  return words === '' ? 'it gave no reason.' : `${words.replace(/[.\s]+$/, '')}.`;
}
