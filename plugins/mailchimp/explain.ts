import {
  type FieldFault,
  type HubError,
  isRaw,
  NotFound,
  type Raw,
  ReconnectNeeded,
  Rejected,
  type Reply,
  rows,
  TryLater,
  text,
} from 'patchbay';

/**
 * Names the problems of https://mailchimp.com/developer/marketing/docs/errors/ whose status alone misleads; its own limits and
 * outages are left to the hub. A token or key is never renewed, so 401 is never "expired".
 */
export function explain(reply: Reply): HubError | undefined {
  const problem = isRaw(reply.data) ? reply.data : undefined;
  // The token endpoint speaks RFC 6749, which the hub understands by itself.
  if (text(problem?.['error'])) return undefined;
  const cause = { status: reply.status, instance: problem?.['instance'], title: problem?.['title'] };
  if (reply.status === 401) {
    return new ReconnectNeeded(
      'Mailchimp does not accept this access: the API key is wrong or disabled, or the app was removed there. Connect again.',
      { cause },
    );
  }
  if (reply.status === 429 && !problem) return cutOff(cause);
  if (reply.status === 403) return problem ? forbidden(problem, cause) : cutOff(cause);
  if (reply.status === 404) return new NotFound(`Mailchimp does not have this${because(problem)}`, { cause });
  if (reply.status === 400 && problem) return refused(problem, cause);
  return undefined;
}

/** Without a problem in the body it is the network in front of the API that has had enough of us. */
function cutOff(cause: unknown): HubError {
  return new TryLater('Mailchimp takes no more calls just now.', { code: 'RATE_LIMIT_EXCEEDED', afterSeconds: 60, cause });
}

function forbidden(problem: Raw, cause: unknown): HubError {
  if (/disabled|deactivated/i.test(`${text(problem['title'])} ${text(problem['detail'])}`)) {
    return new ReconnectNeeded(`This Mailchimp account or user is switched off${because(problem)}`, { cause });
  }
  return new Rejected(`Mailchimp does not allow this${because(problem)} The user who connected may lack the role for it.`, {
    code: 'FORBIDDEN',
    cause,
  });
}

function refused(problem: Raw, cause: unknown): HubError {
  const title = text(problem['title']) ?? '';
  const detail = text(problem['detail']) ?? '';
  if (/member exists/i.test(title)) {
    return new Rejected('This address is in the audience already. Use "Add or update a contact".', { code: 'CONFLICT', cause });
  }
  if (/compliance/i.test(title)) {
    return new Rejected(
      'This person unsubscribed, bounced or was removed for compliance, and cannot be subscribed from here. ' +
        'Use "Ask to subscribe again": Mailchimp then sends them a mail to confirm.',
      { code: 'CONFLICT', cause },
    );
  }
  if (/forgotten email/i.test(title)) {
    return new Rejected(
      'This address was deleted for good and cannot be added from here; the person has to sign up on a Mailchimp form.',
      { code: 'CONFLICT', cause },
    );
  }
  if (/looks fake or invalid/i.test(detail)) {
    return new Rejected('Mailchimp takes this address for fake or invalid. Check it for typing errors.', {
      cause,
      fields: [{ pointer: '/email', message: 'Check the address.' }],
    });
  }
  const fields = faults(problem);
  return new Rejected(`Mailchimp refused this${because(problem)}`, { cause, ...(fields.length > 0 && { fields }) });
}

/** `{field, message}`: by the names of the provider, which the owner knows from the audience. */
function faults(problem: Raw): FieldFault[] {
  return rows(problem['errors']).flatMap((fault) => {
    const message = text(fault['message']);
    return message ? [{ pointer: `/${(text(fault['field']) ?? '').replaceAll('.', '/')}`, message: message.slice(0, 200) }] : [];
  });
}

/** `: what it said.` with its list of faults, or a full stop. */
function because(problem: Raw | undefined): string {
  if (!problem) return '.';
  const named = rows(problem['errors']).flatMap((fault) => {
    const message = text(fault['message']);
    return message ? [[text(fault['field']), message].filter(Boolean).join(': ')] : [];
  });
  const said = named.length > 0 ? named.join('; ') : (text(problem['detail']) ?? text(problem['title']) ?? '');
  const line = said
    .replace(/\s+/g, ' ')
    .slice(0, 300)
    .replace(/[.\s]+$/, '');
  return line ? `: ${line}.` : '.';
}
