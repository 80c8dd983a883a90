import { type Caller, callerOf } from '../http/caller.ts';

/** Addresses of the machines that call, or of proxies before them. */
const MOST = 1000;

/** Who sends calls, as limits count. Where no proxy says more than the connection does, that is found out once an address. */
export class Senders {
  readonly #trust: Caller['trust'];
  readonly #known = new Map<string, string>();

  constructor(trust: Caller['trust']) {
    this.#trust = trust;
  }

  of(req: Caller['req']): string {
    const peer = req.socket.remoteAddress;
    if (peer === undefined || req.headers['x-forwarded-for'] !== undefined) return callerOf({ req, trust: this.#trust });
    const known = this.#known.get(peer);
    if (known !== undefined) return known;
    const sender = callerOf({ req, trust: this.#trust });
    if (this.#known.size >= MOST) this.#known.clear();
    this.#known.set(peer, sender);
    return sender;
  }
}
