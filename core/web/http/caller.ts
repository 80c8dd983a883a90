import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { ipKeyGenerator } from 'express-rate-limit';

export interface Caller {
  readonly req: Pick<IncomingMessage, 'headers'> & { readonly socket: Pick<IncomingMessage['socket'], 'remoteAddress'> };
  /** As Express compiles `trust proxy`: is the host `hops` away believed what it says of the one before it? */
  readonly trust: (address: string, hops: number) => boolean;
}

/**
 * The address a limit counts by. Behind a proxy nobody told us of, all callers would share one: there the address it has
 * appended counts. That may be made up where there is no proxy, so it must not decide more than who is slowed down.
 */
export function callerOf({ req, trust }: Caller): string {
  const peer = req.socket.remoteAddress ?? '';
  const said = [req.headers['x-forwarded-for'] ?? []].flat().join(',');
  const addresses = [
    peer,
    ...said
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean)
      .reverse(),
  ];
  let at = 0;
  while (at < addresses.length - 1 && trust(addresses[at] ?? '', at)) at += 1;
  const found = at === 0 && isNear(peer) ? (addresses[1] ?? peer) : (addresses[at] ?? peer);
  return isIP(found) ? ipKeyGenerator(found) : peer;
}

/** On this machine or in a private network, where proxies stand and providers do not. */
function isNear(address: string): boolean {
  return /^(?:::ffff:)?(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)|^::1$|^f[cd]/i.test(address);
}
