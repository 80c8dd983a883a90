import { setTimeout as sleep } from 'node:timers/promises';

/** The hub's API as its first admin. */
export class HubApi {
  readonly #url: string;
  #authorization = '';

  constructor(url: string) {
    this.#url = url;
  }

  /** Waits until the hub answers and makes a key, for the first store or this one. @throws Error after a minute */
  async open(email: string, password: string, store?: string): Promise<this> {
    this.#authorization = `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`;
    const deadline = performance.now() + 60_000;
    for (;;) {
      const key = await this.call<{ key: string }>('POST', '/api/api-keys', { name: 'bench', ...(store && { store }) }).catch(
        () => undefined,
      );
      if (key) {
        this.#authorization = `Bearer ${key.key}`;
        return this;
      }
      if (performance.now() > deadline) throw new Error('the hub did not answer within a minute');
      await sleep(50);
    }
  }

  /** @throws Error for any answer but 2xx */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = { authorization: this.#authorization, ...(body !== undefined && { 'content-type': 'application/json' }) };
    const reply = await fetch(`${this.#url}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text.slice(0, 300)}`);
    return JSON.parse(text) as T;
  }
}
