import { randomBytes } from 'node:crypto';
import type { SandboxResponse } from 'patchbay';
import { Refusal as BaseRefusal } from 'patchbay/simulator';

export interface Fault {
  readonly code: number;
  readonly message: string;
  readonly type?: string;
  readonly subcode?: number;
  readonly transient?: true;
  /** Nearly everything is answered with 400. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that ends the handling of a call, in the provider's shape. */
export class Refusal extends BaseRefusal {
  constructor({ code, message, type = 'OAuthException', subcode, transient, status = 400, headers }: Fault) {
    const error = {
      message,
      type,
      code,
      ...(subcode !== undefined && { error_subcode: subcode }),
      ...(transient && { is_transient: true }),
      fbtrace_id: randomBytes(8).toString('base64url'),
    };
    super(message, { status, ...(headers && { headers }), body: { error } });
  }
}

export function invalid(message: string, subcode?: number): Refusal {
  return new Refusal({ code: 100, message: `(#100) ${message}`, ...(subcode && { subcode }) });
}

/** Unknown, removed and forbidden objects look the same. */
export function unknownObject(id: string): Refusal {
  const message = `Unsupported get request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation.`;
  return new Refusal({ code: 100, subcode: 33, type: 'GraphMethodException', message });
}

export function forbidden(code: number, message: string): Refusal {
  return new Refusal({ code, message: `(#${code}) ${message}`, status: 403 });
}

/** Why tokens die, by the provider's subcode. */
const ENDS: Readonly<Record<number, string>> = {
  458: 'Error validating access token: The user has not authorized application.',
  460: 'Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.',
  463: 'Error validating access token: Session has expired. The current time is later than its end.',
  467: 'Error validating access token: The session is invalid because the user logged out.',
};

export function deadToken(subcode?: number): Refusal {
  const message = (subcode && ENDS[subcode]) || 'Invalid OAuth access token - Cannot parse access token';
  return new Refusal({ code: 190, message, ...(subcode && { subcode }) });
}

export function ok(body: object): SandboxResponse {
  return { status: 200, body };
}
