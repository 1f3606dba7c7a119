// Which addresses may be probed: machines of a network, and neither this machine itself nor everybody at once.
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { kindAmong, LOOPBACK, noMachine } from '#shared/base/special-address.ts';

export interface AddressRule {
  /** For a simulated site, whose devices live on this machine. */
  allowLoopback: boolean;
}

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
  const hit = noMachine(address) ?? (rule.allowLoopback ? undefined : kindAmong([LOOPBACK], address));
  if (hit !== undefined) return hit.name;
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
