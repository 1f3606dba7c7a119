// Loopback addresses as numbers: a lab takes a run of them, and refuses to leave 127.0.0.0/8.

const LOOPBACK = 127 * 2 ** 24;

function toNumber(address: string): number {
  const parts = address.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255))
    throw new Error(`"${address}" is not an IPv4 address`);
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** The address `offset` places after `base`. */
export function loopbackAddress(base: string, offset: number): string {
  const number = toNumber(base) + offset;
  if (number < LOOPBACK || number >= LOOPBACK + 2 ** 24 - 1)
    throw new Error(`${base} + ${offset} is outside 127.0.0.0/8`);
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff).join('.');
}
