import type { SandboxResponse } from 'patchbay';
import { Refusal as BaseRefusal } from 'patchbay/simulator';

const STATUS: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
};

/** An answer that ends the handling of a call, in the shape of google.rpc.Status. */
export class Refusal extends BaseRefusal {
  constructor(status: number, message: string, reason?: { readonly reason: string; readonly service?: string }) {
    const details = reason && [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: reason.reason,
        domain: 'googleapis.com',
        ...(reason.service && { metadata: { service: reason.service } }),
      },
    ];
    super(message, {
      status,
      headers: { 'content-type': 'application/json; charset=UTF-8' },
      body: { error: { code: status, message, status: STATUS[status] ?? 'UNKNOWN', ...(details && { details }) } },
    });
  }
}

export function json(body: object): SandboxResponse {
  return { status: 200, headers: { 'content-type': 'application/json; charset=UTF-8' }, body };
}

/** Google checks bodies by name: a misspelt one is refused, never ignored. */
export function checkNames(body: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown) throw new Refusal(400, `Invalid JSON payload received. Unknown name "${unknown}": Cannot find field.`);
}
