import type { SandboxResponse } from '../sandbox.ts';

/**
 * An answer that ends the handling of a call wherever it is thrown. A simulator derives its own, which writes the message in
 * the provider's shape; `message` is what a person is told who pressed a button.
 */
export class Refusal extends Error {
  readonly response: SandboxResponse;

  constructor(message: string, response: SandboxResponse) {
    super(message);
    this.response = response;
  }
}

/** What `work` answers, or the response of the {@link Refusal} it throws. */
export async function orRefusal(work: () => SandboxResponse | Promise<SandboxResponse>): Promise<SandboxResponse> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) return error.response;
    throw error;
  }
}

/** An error of OAuth's token endpoint (RFC 6749, 5.2). */
export function oauthError(status: number, error: string, description: string): SandboxResponse {
  return { status, headers: { 'cache-control': 'no-store' }, body: { error, error_description: description } };
}
