import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { type BlockList, isIP, isIPv4, isIPv6, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { ConfigError } from '../config.ts';
import { type HubError, Rejected } from '../sdk/errors.ts';
import { addressList, innerIpv4, isPublicAddress } from './addresses.ts';
import { hostMatches } from './hosts.ts';

type Found = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void;
/** As `dns.lookup` with `all: true`. */
export type Lookup = (host: string, options: { all: true }, found: Found) => void;

export interface GuardOptions {
  /** Hosts (`*.` stands for labels), addresses or CIDRs that may be private. */
  readonly allowPrivate: readonly string[];
  readonly lookup?: Lookup;
}

/**
 * Keeps outbound sockets on the open internet. An address is judged three times: as written in the URL, as looked up
 * (only those that passed are connected to), and as really connected.
 */
export class Guard {
  readonly #hosts: readonly string[];
  readonly #addresses: BlockList;
  readonly #lookup: Lookup;

  /** @throws ConfigError for an entry that looks like a CIDR and is none */
  constructor({ allowPrivate, lookup = systemLookup as Lookup }: GuardOptions) {
    const isAddress = (entry: string) => entry.includes('/') || isIP(entry) !== 0;
    this.#hosts = allowPrivate.filter((entry) => !isAddress(entry)).map((entry) => entry.toLowerCase());
    this.#addresses = allowedAddresses(allowPrivate.filter(isAddress));
    this.#lookup = lookup;
  }

  /** For undici's `connect` option. HTTP/1.1 only: one socket carries one call, so that each can be aborted alone. */
  connector(): buildConnector.connector {
    const connect = buildConnector({
      allowH2: false,
      timeout: 10_000,
      lookup: this.#guardedLookup,
    } as buildConnector.BuildOptions);
    return (options, callback) => {
      const host = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) && !this.#mayConnect(host, host)) return callback(refusal(host), null);
      connect(options, (...[error, socket]) => {
        if (error) return callback(error, null);
        if (this.#mayConnect(host, socket.remoteAddress ?? '')) return callback(null, socket);
        socket.destroy();
        callback(refusal(host), null);
      });
    };
  }

  readonly #guardedLookup: LookupFunction = (host, options, callback) => {
    this.#lookup(host, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0);
      const allowed = found.filter(({ address }) => this.#mayConnect(host, address));
      const [first] = allowed;
      if (!first) return callback(refusal(host) as NodeJS.ErrnoException, '', 0);
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };

  #mayConnect(host: string, address: string): boolean {
    if (this.#hosts.some((pattern) => hostMatches(pattern, host))) return true;
    return isPublicAddress(address) || this.#isAllowed(address.replace(/%.*$/, ''));
  }

  #isAllowed(address: string): boolean {
    if (isIPv4(address)) return this.#addresses.check(address, 'ipv4');
    if (!isIPv6(address)) return false;
    const inner = innerIpv4(address);
    return this.#addresses.check(address, 'ipv6') || (inner !== undefined && this.#addresses.check(inner, 'ipv4'));
  }
}

function allowedAddresses(entries: readonly string[]): BlockList {
  for (const entry of entries) {
    try {
      addressList([entry]);
    } catch {
      throw new ConfigError(
        `EGRESS_ALLOW_PRIVATE holds "${entry}"; write a host name, an address, or a range such as 10.0.0.0/8.`,
      );
    }
  }
  return addressList(entries);
}

/** Does not repeat the address: what a name leads to inside is nobody's business outside. */
function refusal(host: string): HubError {
  return new Rejected(
    `${host} is in a private network, which the hub does not call; an operator can allow it with EGRESS_ALLOW_PRIVATE.`,
  );
}
