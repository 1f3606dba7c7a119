// Which addresses the console may speak to because somebody typed a URL: those of the public network, unless its configuration names the place.
import { networkInterfaces } from 'node:os';
import { isInRange } from '#shared/base/ip-range.ts';
import { type AddressKind, kindAmong, LOOPBACK, noMachine } from '#shared/base/special-address.ts';

/** Machines that stand inside: what a person may not reach by themself, the console may not reach for them. */
const INSIDE: readonly AddressKind[] = [
  LOOPBACK,
  { name: 'a private address', ranges: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'] },
  { name: 'an address shared by a provider', ranges: ['100.64.0.0/10'] },
  // Protocol assignments, documentation, benchmarks, relays of 6to4, sinks: nothing of the public network answers there.
  {
    name: 'an address without a public machine',
    ranges: [
      '192.0.0.0/24',
      '192.0.2.0/24',
      '192.88.99.0/24',
      '198.18.0.0/15',
      '198.51.100.0/24',
      '203.0.113.0/24',
      '2001::/23',
      '2001:db8::/32',
      '3fff::/20',
    ],
  },
];

/** All that is given out of IPv6; the rest is special, or not yet anybody's. */
const PUBLIC_IPV6 = '2000::/3';

const ownAddresses = (): string[] =>
  Object.values(networkInterfaces()).flatMap((some) => (some ?? []).map(({ address }) => address));

/**
 * Why the console may not connect there, as the end of a sentence; undefined when it may. `isNamed`: the configuration names
 * the place, which may then stand inside; it never is a cloud's own address, or everybody's.
 */
export function refusedAddress(address: string, isNamed: boolean, own = ownAddresses()): string | undefined {
  const isIpv6 = address.includes(':');
  if (!isInRange(address, isIpv6 ? '::/0' : '0.0.0.0/0') && !isMapped(address)) return 'no address';
  // A zone names a cable of this machine: only link-local addresses have one.
  if (address.includes('%')) return 'a link-local address';
  const never = noMachine(address) ?? (isMapped(address) ? { name: 'a translated address' } : undefined);
  if (never !== undefined) return never.name;
  if (isNamed) return undefined;
  const inside = kindAmong(INSIDE, address);
  if (inside !== undefined) return inside.name;
  if (isIpv6 && !isInRange(address, PUBLIC_IPV6)) return 'a reserved address';
  return own.some((one) => isInRange(address, one.replace(/%.*$/, ''))) ? 'an address of this machine' : undefined;
}

/** IPv4 as a socket for both writes it: no resolver of ours answers so, and what writes it hides something. */
const isMapped = (address: string): boolean => address.includes(':') && isInRange(address, '0.0.0.0/0');
