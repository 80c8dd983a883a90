import type { SandboxResponse } from 'patchbay';
import { Refusal as BaseRefusal } from 'patchbay/simulator';

const NAMES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
};

/** An answer that ends the handling of a call, in the provider's shape. */
export class Refusal extends BaseRefusal {
  constructor(status: number, message: string | readonly string[], extra: object = {}) {
    const body = { statusCode: status, message, error: NAMES[status] ?? 'Error', ...extra, traceId: crypto.randomUUID() };
    super(String(message), { status, body });
  }
}

export function json(status: number, body: object): SandboxResponse {
  return { status, body: { ...body, traceId: crypto.randomUUID() } };
}

/** The provider checks bodies by name: an unknown one is refused too. */
export function checkBody(
  body: Readonly<Record<string, unknown>>,
  required: readonly string[],
  allowed: readonly string[],
): void {
  const faults = [
    ...Object.keys(body)
      .filter((name) => !allowed.includes(name) && !required.includes(name))
      .map((name) => `property ${name} should not exist`),
    ...required.filter((name) => typeof body[name] !== 'string' || body[name] === '').map((name) => `${name} must be a string`),
  ];
  if (faults.length > 0) throw new Refusal(422, faults);
}
