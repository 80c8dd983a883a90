import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Everything IANA's special-purpose registries do not call globally reachable, and Azure's metadata address. */
const CLOSED_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/** Inside 2000::/3, the only range of global unicast: Teredo and other protocol assignments, documentation. */
const CLOSED_V6 = ['2001::/23', '2001:db8::/32', '3fff::/20'];

const closed = addressList([...CLOSED_V4, ...CLOSED_V6]);
const global = addressList(['2000::/3']);

/** Is this a literal address on the open internet? Addresses that carry an IPv4 one inside are judged by that one. */
export function isPublicAddress(address: string): boolean {
  const bare = address.replace(/%.*$/, '');
  if (isIPv4(bare)) return !closed.check(bare, 'ipv4');
  if (!isIPv6(bare)) return false;
  const inner = innerIpv4(bare);
  if (inner !== undefined) return isPublicAddress(inner);
  return global.check(bare, 'ipv6') && !closed.check(bare, 'ipv6');
}

/** @throws Error for an entry that is neither an address nor a CIDR */
export function addressList(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, /^\d+$/.test(bits) ? Number(bits) : Number.NaN, family);
  }
  return list;
}

/** The IPv4 address inside an IPv4-mapped, NAT64 (64:ff9b::/96) or 6to4 (2002::/16) address. */
export function innerIpv4(address: string): string | undefined {
  const groups = ipv6Groups(address);
  const head = groups.slice(0, 6).join(':');
  if (head === '0:0:0:0:0:ffff' || head === '64:ff9b:0:0:0:0') return dotted(groups[6], groups[7]);
  return groups[0] === '2002' ? dotted(groups[1], groups[2]) : undefined;
}

/** The URL parser knows every way to write an IPv6 address; here its one canonical form is spelled out in eight groups. */
function ipv6Groups(address: string): string[] {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [left = '', right] = canonical.split('::');
  const before = left ? left.split(':') : [];
  const after = right ? right.split(':') : [];
  return right === undefined ? before : [...before, ...Array(8 - before.length - after.length).fill('0'), ...after];
}

function dotted(high = '0', low = '0'): string {
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}
