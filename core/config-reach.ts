import { isIP, isIPv4 } from 'node:net';
import { ConfigError, type Env, parseUrl, text } from './config-values.ts';

interface Listening {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
}

/** Nobody has as many proxies in a row; with a number too high anybody can make an address up. */
const MOST_HOPS = 10;
const NAMED = ['loopback', 'linklocal', 'uniquelocal'];

/**
 * Where people reach this hub, without a slash at its end.
 * @throws ConfigError for what links cannot be made of
 */
export function readPublicUrl(env: Env, { production, host, port }: Listening): string {
  const given = text(env, 'PUBLIC_URL');
  if (!given && production) throw new ConfigError('PUBLIC_URL is missing; set it to the https address people reach this hub at.');
  const shown = host.includes(':') ? `[${host}]` : host;
  const url = parseUrl('PUBLIC_URL', given ?? `http://${shown}:${port}`, ['http:', 'https:']);
  if (production && url.protocol !== 'https:') throw new ConfigError('PUBLIC_URL must begin with https:// in production.');
  // Without a port of its own, as a browser says it.
  if (url.href !== `${url.origin}/`) {
    throw new ConfigError(
      'PUBLIC_URL holds more than scheme, host and port; the hub needs a host name of its own, such as https://hub.example.com.',
    );
  }
  return url.origin;
}

/**
 * As Express defines `trust proxy`: hops, or names and addresses by commas.
 * @throws ConfigError for what Express would not know, and for what believes everybody
 */
export function readTrustProxy(env: Env): number | string | undefined {
  const given = text(env, 'TRUST_PROXY');
  if (given === undefined) return undefined;
  if (/^\d+$/.test(given) && Number(given) <= MOST_HOPS) return Number(given);
  if (given.split(',').every((part) => isNetwork(part.trim()))) return given;
  throw new ConfigError(
    `TRUST_PROXY is "${given}"; set it to how many proxies are in front (1 to ${MOST_HOPS}) or to their addresses, such as 10.0.0.0/8, loopback.`,
  );
}

function isNetwork(part: string): boolean {
  if (NAMED.includes(part)) return true;
  const [address = '', mask, more] = part.split('/');
  const family = isIP(address);
  if (family === 0 || more !== undefined) return false;
  if (mask === undefined) return true;
  if (family === 4 && isIPv4(mask)) return mask !== '0.0.0.0';
  return /^\d{1,3}$/.test(mask) && Number(mask) > 0 && Number(mask) <= (family === 4 ? 32 : 128);
}
