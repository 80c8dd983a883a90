import { isDatabaseAway } from '../../database/transaction.ts';
import { type ErrorCode, type FieldFault, type HubErrorOptions, hubError, Rejected } from '../../sdk/errors.ts';

/** RFC 9457, with our code, the id of the request (to find it in the log) and the fields at fault. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly id: string;
  readonly errors?: readonly FieldFault[];
}

export const STATUS: Readonly<Record<ErrorCode, number>> = {
  INVALID_CREDENTIALS: 422,
  CONNECTION_FAILED: 502,
  RATE_LIMIT_EXCEEDED: 429,
  WEBHOOK_SIGNATURE_INVALID: 401,
  INTEGRATION_NOT_ACTIVE: 409,
  CONFIG_SCHEMA_INVALID: 422,
  RECONNECT_NEEDED: 409,
  PLUGIN_UNAVAILABLE: 503,
  NOT_FOUND: 404,
  FORBIDDEN: 403,
  CONFLICT: 409,
  VALIDATION_FAILED: 400,
  INTERNAL: 500,
};

export const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is not right',
  401: 'Not proven who you are',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Wrong method',
  409: 'In conflict with how things stand',
  412: 'Changed meanwhile',
  413: 'Too much at once',
  415: 'Wrong content type',
  422: 'Refused',
  429: 'Too many requests',
  500: 'Something went wrong here',
  502: 'The provider did not answer as it should',
  503: 'Not available right now',
};

/** An error whose status its code alone does not tell. */
class HttpFault extends Rejected {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, options: HubErrorOptions & { headers?: Record<string, string> } = {}) {
    super(message, options);
    this.status = status;
    this.headers = options.headers ?? {};
  }
}

/** The caller is unknown: nobody signed in, or a key that is not (any more) ours. */
export function notSignedIn(message: string, scheme: 'Basic' | 'Bearer' = 'Bearer'): Rejected {
  const challenge = scheme === 'Basic' ? 'Basic realm="api", charset="UTF-8"' : 'Bearer realm="api"';
  return new HttpFault(401, message, { code: 'INVALID_CREDENTIALS', headers: { 'www-authenticate': challenge } });
}

export function notFound(path: string): Rejected {
  return new HttpFault(404, `There is nothing at ${path}; check the address.`, { code: 'NOT_FOUND' });
}

export function wrongMethod(method: string, allowed: readonly string[]): Rejected {
  const allow = allowed.join(', ');
  return new HttpFault(405, `${method} is not possible here; use ${allow}.`, { headers: { allow } });
}

export function wrongContentType(message: string): Rejected {
  return new HttpFault(415, message);
}

export function tooLarge(): Rejected {
  return new HttpFault(413, 'The body is too large; send less at once.');
}

/** `If-Match` names a state that is no more. */
export function changedMeanwhile(): Rejected {
  return new HttpFault(412, 'This was changed since you read it; read it again and repeat your change.', { code: 'CONFLICT' });
}

/** @see IdempotencyKeys */
export function stillUnderWay(): Rejected {
  return new HttpFault(409, 'Another call for the same is still under way; ask again shortly.', {
    code: 'CONFLICT',
    headers: { 'retry-after': '2' },
  });
}

/** @see IdempotencyKeys */
export function keyUsedOtherwise(): Rejected {
  return new HttpFault(422, 'This Idempotency-Key was used with another call or body; take a new one.', { code: 'CONFLICT' });
}

export function tooManyRequests(afterSeconds: number): Rejected {
  const seconds = Math.max(1, afterSeconds);
  return new HttpFault(429, `Too many requests; try again in ${seconds} s.`, {
    code: 'RATE_LIMIT_EXCEEDED',
    afterSeconds: seconds,
  });
}

export interface Answer {
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly fields?: readonly FieldFault[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the caller is told; everything unexpected is told without its message. */
export function answerFor(error: unknown): Answer {
  const known = hubError(error);
  if (known) {
    const { status, headers = {} } = known as Partial<HttpFault>;
    const { afterSeconds, fields, code, message: detail } = known;
    const retry = afterSeconds === undefined ? {} : { 'retry-after': String(Math.ceil(afterSeconds)) };
    return { status: status ?? STATUS[code] ?? 500, code, detail, fields, headers: { ...headers, ...retry } };
  }
  if (isDatabaseAway(error)) {
    return { status: 503, code: 'INTERNAL', detail: 'The database is away; try again shortly.', headers: { 'retry-after': '5' } };
  }
  return (
    fromExpress(error) ?? {
      status: 500,
      code: 'INTERNAL',
      detail: 'This failed for a reason of ours; the id leads to the log.',
      headers: {},
    }
  );
}

/** Errors of Express and its body parsers carry `type` and `status`; their messages may quote the body, so ours are told. */
function fromExpress(error: unknown): Answer | undefined {
  const { type, status } = (typeof error === 'object' && error !== null ? error : {}) as { type?: unknown; status?: unknown };
  const told = (code: number, detail: string): Answer => ({ status: code, code: 'VALIDATION_FAILED', detail, headers: {} });
  if (type === 'entity.parse.failed') return told(400, 'The body is not valid JSON; check its quotes, commas and brackets.');
  if (type === 'entity.too.large') return told(413, 'The body is too large; send less at once.');
  if (type === 'parameters.too.many') return told(413, 'The form has too many fields.');
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') {
    return told(415, 'The body is encoded in a way that is not read here; send UTF-8.');
  }
  if (error instanceof URIError || status === 400) return told(400, 'The request cannot be read; check its address and body.');
  return undefined;
}

/** Whoever has mended these sees the others. */
const MOST_FAULTS = 100;

/** @param id of the request, which leads to the log */
export function problemOf({ status, code, detail, fields }: Answer, id: string): Problem {
  return {
    type: 'about:blank',
    title: TITLES[status] ?? 'Error',
    status,
    detail,
    code,
    id,
    ...(fields && { errors: fields.slice(0, MOST_FAULTS) }),
  };
}
