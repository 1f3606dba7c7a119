// Addresses that are no single machine of a network, whoever asks: this machine itself, everybody, a cloud's own, IPv4 in other clothes.
import { isInRange } from './ip-range.ts';

export interface AddressKind {
  /** As it ends a sentence: "is a loopback address". */
  name: string;
  ranges: readonly string[];
}

export const LOOPBACK: AddressKind = { name: 'a loopback address', ranges: ['127.0.0.0/8', '::1/128'] };

export const NO_MACHINES: readonly AddressKind[] = [
  { name: 'an unspecified address', ranges: ['0.0.0.0/8', '::/128'] },
  { name: 'a multicast address', ranges: ['224.0.0.0/4', 'ff00::/8'] },
  { name: 'a broadcast address', ranges: ['255.255.255.255/32'] },
  // Where clouds keep the secrets of a machine, and what means another machine on each cable.
  { name: 'a link-local address', ranges: ['169.254.0.0/16', 'fe80::/10', 'fec0::/10'] },
  // The same secrets where clouds keep them elsewhere; the last is a public address that means a cloud's host to its guests.
  { name: 'an address of a cloud itself', ranges: ['100.100.100.200/32', 'fd00:ec2::254/128', '168.63.129.16/32'] },
  // IPv4 in other clothes: what it means is decided elsewhere, so no rule of IPv4 would hold.
  { name: 'a translated address', ranges: ['64:ff9b::/96', '64:ff9b:1::/48', '2002::/16', '2001::/32'] },
  { name: 'a reserved address', ranges: ['240.0.0.0/4'] },
];

/** `::1` and `::` are of it too, and mean what they always mean. */
const COMPATIBLE: AddressKind = { name: 'a translated address', ranges: ['::/96'] };

/** The first of the kinds that the address is; IPv4 inside IPv6 counts as IPv4. */
export const kindAmong = (kinds: readonly AddressKind[], address: string): AddressKind | undefined =>
  kinds.find(({ ranges }) => ranges.some((range) => isInRange(address, range)));

/** Undefined for loopback, and for whatever may be one machine. */
export function noMachine(address: string): AddressKind | undefined {
  const isLoopback = kindAmong([LOOPBACK], address) !== undefined;
  return kindAmong(NO_MACHINES, address) ?? (isLoopback ? undefined : kindAmong([COMPATIBLE], address));
}
