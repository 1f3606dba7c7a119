// Which addresses may be probed: machines of a network, and neither this machine itself nor everybody at once.
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';

export interface AddressRule {
  /** For a simulated site, whose devices live on this machine. */
  allowLoopback: boolean;
}

interface Kind {
  name: string;
  list: BlockList;
}

function kind(name: string, ...networks: ReadonlyArray<readonly [net: string, prefix: number]>): Kind {
  const list = new BlockList();
  for (const [net, prefix] of networks) list.addSubnet(net, prefix, isIPv4(net) ? 'ipv4' : 'ipv6');
  return { name, list };
}

const LOOPBACK = kind('a loopback address', ['127.0.0.0', 8], ['::1', 128]);
const REFUSED: readonly Kind[] = [
  kind('an unspecified address', ['0.0.0.0', 8], ['::', 128]),
  kind('a multicast address', ['224.0.0.0', 4], ['ff00::', 8]),
  kind('a broadcast address', ['255.255.255.255', 32]),
  // Where clouds keep the secrets of a machine, and what means another machine on each cable.
  kind('a link-local address', ['169.254.0.0', 16], ['fe80::', 10], ['fec0::', 10]),
  // The same secrets where clouds keep them elsewhere.
  kind('an address of a cloud itself', ['100.100.100.200', 32], ['fd00:ec2::254', 128]),
  // IPv4 in other clothes: what it means is decided elsewhere, so no rule of IPv4 would hold.
  kind('a translated address', ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['2002::', 16]),
  kind('a reserved address', ['240.0.0.0', 4]),
];

const COMPATIBLE = kind('', ['::', 96]).list;

/** Why the address may not be probed, as the end of a sentence; undefined when it may. IPv4 inside IPv6 counts as IPv4. */
export function refusedKind(
  address: string,
  rule: AddressRule,
  broadcasts = ownBroadcasts(),
  own = ownAddresses(),
): string | undefined {
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  if (family === 'ipv6' && !isIPv6(address)) return 'no address';
  // A zone names a cable of this machine: only link-local addresses have one.
  if (address.includes('%')) return 'a link-local address';
  const hit = [...REFUSED, ...(rule.allowLoopback ? [] : [LOOPBACK])].find(({ list }) => list.check(address, family));
  if (hit !== undefined) return hit.name;
  // Loopback is `::1` in the old form for IPv4, and was judged above; every other address of that form is a disguise.
  if (family === 'ipv6' && COMPATIBLE.check(address, family) && !LOOPBACK.list.check(address, family))
    return 'a translated address';
  if (!rule.allowLoopback && isOneOf(own, address, family)) return 'an address of this machine';
  return broadcasts.has(address) ? 'a broadcast address' : undefined;
}

/** Every address of this machine: a probe of itself sees services that listen for itself alone. */
export const ownAddresses = (interfaces = networkInterfaces()): readonly string[] =>
  Object.values(interfaces).flatMap((some) => (some ?? []).map(({ address }) => address));

/** However it is written. */
function isOneOf(own: readonly string[], address: string, family: 'ipv4' | 'ipv6'): boolean {
  const list = new BlockList();
  for (const one of own) if (isIPv4(one) || isIPv6(one)) list.addAddress(one, isIPv4(one) ? 'ipv4' : 'ipv6');
  return list.check(address, family);
}

/** The last address of each network this machine is in. */
export function ownBroadcasts(interfaces = networkInterfaces()): ReadonlySet<string> {
  const all = Object.values(interfaces).flatMap((some) => some ?? []);
  // A network of one or two machines has none.
  const nets = all.filter(({ family, cidr }) => family === 'IPv4' && !/\/3[12]$/.test(cidr ?? ''));
  return new Set(nets.map(({ address, netmask }) => lastAddress(address, netmask)));
}

function lastAddress(address: string, netmask: string): string {
  const mask = netmask.split('.').map(Number);
  return address
    .split('.')
    .map((part, i) => Number(part) | (~(mask[i] ?? 255) & 255))
    .join('.');
}
