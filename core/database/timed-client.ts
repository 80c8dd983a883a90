import { Client } from 'pg';

/**
 * A connection whose server has stopped answering is of no use to the next query either: it is cut, and the pool opens
 * another. pg alone would give up the query and put the connection back.
 */
export class TimedClient extends Client {
  // biome-ignore lint/suspicious/noExplicitAny: pg declares a dozen forms of it, and all of them pass through.
  override query(...args: [any, any?, any?]): any {
    const answer: unknown = super.query(...args);
    if (answer instanceof Promise) answer.catch((error: unknown) => this.#cutIfLate(error));
    return answer;
  }

  #cutIfLate(error: unknown): void {
    if (!(error instanceof Error) || error.message !== 'Query read timeout') return;
    const inner = this as unknown as { _queryable: boolean; connection: { stream: { destroy(): void } } };
    // By this the pool knows, at once, that it must not hand it out again.
    inner._queryable = false;
    inner.connection.stream.destroy();
  }
}
