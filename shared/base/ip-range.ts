// Addresses and ranges of IPv4 and IPv6 as numbers: is this address inside that range?

interface Address {
  /** 32 or 128: an IPv4 address and an IPv6 address are never the same one. */
  width: 32 | 128;
  value: bigint;
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
// ::ffff:0:0/96, how a socket that speaks both writes an IPv4 peer.
const MAPPED_HEAD = 0xffffn;

function ipv4(text: string): bigint | undefined {
  const parts = IPV4.exec(text)?.slice(1);
  if (parts === undefined || parts.some((part) => Number(part) > 255 || (part.length > 1 && part.startsWith('0'))))
    return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

/** The hexadecimal groups of one side of `::`; a trailing IPv4 address counts as two. */
function groups(text: string): bigint[] | undefined {
  if (text === '') return [];
  const made: bigint[] = [];
  const parts = text.split(':');
  for (const [at, part] of parts.entries()) {
    const tail = part.includes('.') && at === parts.length - 1 ? ipv4(part) : undefined;
    if (tail !== undefined) made.push(tail >> 16n, tail & 0xffffn);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) made.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return made;
}

function ipv6(text: string): bigint | undefined {
  const [left = '', right, ...rest] = text.split('::');
  if (rest.length > 0) return undefined;
  const head = groups(left);
  const tail = groups(right ?? '');
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array.from({ length: missing }, () => 0n), ...tail];
  return all.reduce((value, group) => (value << 16n) | group, 0n);
}

/** The number of an address; an IPv4 address inside IPv6 counts as IPv4. Undefined for a name or anything else. */
function parseAddress(text: string): Address | undefined {
  const four = ipv4(text);
  if (four !== undefined) return { width: 32, value: four };
  // A zone names a cable of this machine, not another address.
  const six = ipv6(text.replace(/%[^%]*$/, ''));
  if (six === undefined) return undefined;
  return six >> 32n === MAPPED_HEAD ? { width: 32, value: six & 0xffff_ffffn } : { width: 128, value: six };
}

function parseRange(text: string): (Address & { prefix: bigint }) | undefined {
  const [net = '', prefix, ...rest] = text.split('/');
  const address = net.includes('%') || /^::ffff:/i.test(net) ? undefined : parseAddress(net);
  if (address === undefined || rest.length > 0) return undefined;
  if (prefix === undefined) return { ...address, prefix: BigInt(address.width) };
  if (!/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > address.width) return undefined;
  return { ...address, prefix: BigInt(prefix) };
}

/** "10.0.0.0/8", "fd00::/8", or a single address. */
export const isRange = (text: string): boolean => parseRange(text) !== undefined;

/** False when either is not readable: what cannot be judged is outside. */
export function isInRange(address: string, range: string): boolean {
  const one = parseAddress(address);
  const net = parseRange(range);
  if (one === undefined || net === undefined || one.width !== net.width) return false;
  const shift = BigInt(net.width) - net.prefix;
  return one.value >> shift === net.value >> shift;
}
