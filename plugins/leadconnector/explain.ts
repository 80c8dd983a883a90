import { type HubError, NotFound, ReconnectNeeded, Rejected, type Reply, TryLater } from 'patchbay';
import { usedUp } from './pace.ts';

/** The provider writes `message` as a text or as a list of them, and now and then `error` alone. */
export function words(data: unknown): string {
  if (typeof data !== 'object' || data === null) return '';
  const { message, error } = data as { message?: unknown; error?: unknown };
  const said = message ?? error;
  const text = Array.isArray(said) ? said.filter((part) => typeof part === 'string').join('; ') : said;
  return typeof text === 'string' ? whiteLabelled(text).slice(0, 300) : '';
}

/** Stores know the product under one name only, whatever the provider's own texts call it. */
export function whiteLabelled(text: string): string {
  return text.replace(/(?<![\p{L}\p{N}])((go[\s_-]*)?high[\s_-]*level|ghl)(?![\p{L}\p{N}])/giu, 'LeadConnector');
}

/** Names the answers whose status alone misleads; everything else is left to the hub. */
export function explain(reply: Reply): 'expired' | HubError | undefined {
  const said = words(reply.data);
  // For the log: support asks for the trace.
  const cause = { status: reply.status, said, traceId: (reply.data as { traceId?: unknown } | null)?.traceId };
  if (reply.status === 401) return unauthorized(said, cause);
  if (reply.status === 429) return usedUp(reply, cause);
  if (reply.status === 403 && /does not have access to this location/i.test(said)) {
    return new Rejected('The token does not belong to this location. Use the token and the Location ID of the same location.', {
      code: 'INVALID_CREDENTIALS',
      cause,
    });
  }
  if (reply.status === 403)
    return new Rejected(`LeadConnector does not allow this${because(said)}`, { code: 'FORBIDDEN', cause });
  if (isOauth(reply.data)) return endedGrant(reply.data, cause);
  if (reply.status === 400 || reply.status === 422) return refused(said, reply.data, cause);
  return undefined;
}

/** Answers of the token endpoint speak RFC 6749, which the hub understands by itself. */
function isOauth(data: unknown): boolean {
  return (
    typeof (data as { error_description?: unknown } | null)?.error_description === 'string' || words(data).startsWith('invalid_')
  );
}

/** The hub would quote "refresh token is invalid", which tells a store owner nothing. */
function endedGrant(data: unknown, cause: unknown): HubError | undefined {
  const { error, error_description: said } = data as { error?: unknown; error_description?: unknown };
  if (error !== 'invalid_grant' || !/refresh token/i.test(String(said))) return undefined;
  return new ReconnectNeeded('LeadConnector no longer accepts this connection. Connect it again.', { cause });
}

/** A wrong version, scope or kind of token is also answered with 401, and no new token would help. */
function unauthorized(said: string, cause: unknown): 'expired' | HubError {
  const options = { code: 'INVALID_CREDENTIALS', cause } as const;
  if (/version header/i.test(said)) {
    return new Rejected('LeadConnector no longer accepts the version of its API this plugin speaks. Update the plugin.', {
      cause,
    });
  }
  if (/not authorized for this scope/i.test(said)) {
    return new Rejected('The token lacks a scope this needs. Add the scopes named in the guide, then connect again.', options);
  }
  if (/user type mismatch/i.test(said)) {
    return new Rejected('This token is for a whole agency. Connect with one made in the location (sub-account) itself.', options);
  }
  // Nothing renews a private token: say it in words instead of trying.
  if (/private integration token/i.test(said)) {
    return new ReconnectNeeded(
      'The private integration token is not valid, or no longer. Create a new one and connect with it.',
      {
        cause,
      },
    );
  }
  return 'expired';
}

function refused(said: string, data: unknown, cause: unknown): HubError {
  const meta = (data as { meta?: { contactId?: unknown; matchingField?: unknown } } | null)?.meta;
  if (typeof meta?.contactId === 'string' && /duplicate/i.test(said)) {
    const field = typeof meta.matchingField === 'string' ? meta.matchingField : 'email or phone';
    return new Rejected(
      `Contact ${meta.contactId} already has this ${field}. Update that contact, or use "Create or update a contact".`,
      {
        code: 'CONFLICT',
        cause,
      },
    );
  }
  // Unknown ids are answered with 400 as often as with 404.
  if (/\bnot found\b|does ?n[o']t exist/i.test(said))
    return new NotFound(`LeadConnector does not have this${because(said)}`, { cause });
  // Also said while renewing a token, which stays good: the connection works again once the location does.
  if (/location is not active/i.test(said)) {
    return new TryLater('This location is suspended in LeadConnector. Ask whoever runs the account to activate it.', { cause });
  }
  if (/refresh token/i.test(said))
    return new ReconnectNeeded('LeadConnector no longer accepts this connection. Connect it again.', { cause });
  return new Rejected(`LeadConnector refused this${because(said)}`, { cause });
}

function because(said: string): string {
  return said ? `: ${said.replace(/[.\s]+$/, '')}.` : '.';
}
