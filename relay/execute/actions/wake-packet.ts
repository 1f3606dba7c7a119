// The magic packet of Wake-on-LAN, and the addresses of this machine's networks that it goes to.

/** Six bytes of ones, then the address sixteen times: 102 bytes, as every network card looks for them. */
export function wakePacket(mac: string): Uint8Array {
  const address = Buffer.from(mac.replaceAll(':', ''), 'hex');
  if (address.length !== 6) throw new TypeError(`${mac}: not an address of Ethernet`);
  return Buffer.concat([Buffer.alloc(6, 0xff), ...Array.from({ length: 16 }, () => address)]);
}

const toNumber = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const toText = (number: number): string => [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.');

export interface OwnAddress {
  address: string;
  netmask: string;
  family: string;
  internal: boolean;
}

/** The broadcast address of each network of IPv4, and the one of whatever network a packet leaves by. */
export function broadcastAddresses(own: readonly OwnAddress[]): string[] {
  const networks = own
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    // A point-to-point link has nobody else in it.
    .filter(({ netmask }) => netmask !== '255.255.255.255')
    .map(({ address, netmask }) => toText((toNumber(address) | ~toNumber(netmask)) >>> 0));
  return [...new Set([...networks, '255.255.255.255'])];
}
