// Reads `ifconfig -a` of Linux, FreeBSD and macOS: three dialects of one idea.
import { factInteger, factMac } from './fact-text.ts';

export interface ConfiguredInterface {
  name: string;
  mac: string | null;
  mtu: number | null;
  isUp: boolean | null;
  addresses: Array<{ address: string; prefix: number }>;
}

/** A line that does not begin with blanks begins an interface: "em0: flags=8863<UP,...> mtu 1500" or "eth0      Link encap:Ethernet". */
export function parseIfconfig(lines: readonly string[]): ConfiguredInterface[] {
  const interfaces: ConfiguredInterface[] = [];
  for (const line of lines) {
    const [, name] = /^(\S+?):?(?=\s|$)/.exec(line) ?? [];
    if (name !== undefined) interfaces.push({ name, mac: null, mtu: null, isUp: null, addresses: [] });
    const open = interfaces.at(-1);
    if (open !== undefined) addLine(open, line);
  }
  return interfaces;
}

function addLine(open: ConfiguredInterface, line: string): void {
  open.mtu ??= factInteger(/\bmtu[ :](\d{1,6})/i.exec(line)?.[1]);
  open.mac ??= factMac(/\b(?:ether|HWaddr|lladdr) ([0-9a-fA-F:]{17})/.exec(line)?.[1]);
  const [, status] = /^\s*status: (active|associated|inactive|no carrier)/.exec(line) ?? [];
  if (status !== undefined) open.isUp = status === 'active' || status === 'associated';
  const v4 = /\binet (?:addr:)?([\d.]{7,15}).*?(?:netmask |Mask:)(0x[0-9a-f]{8}|[\d.]{7,15})/.exec(line);
  if (v4 !== null) open.addresses.push({ address: v4[1] ?? '', prefix: prefixOf(v4[2] ?? '') });
  const v6 = /\binet6 (?:addr: ?)?([0-9a-fA-F:.]{2,45})(?:%\S+?)?(?:\/| +prefixlen )(\d{1,3})(.*)$/.exec(line);
  // Privacy addresses change by the day; they would make every reading news.
  if (v6 !== null && !/\b(temporary|deprecated)\b/.test(v6[3] ?? '')) {
    open.addresses.push({ address: v6[1] ?? '', prefix: Number(v6[2]) });
  }
}

/** Bits set in "255.255.255.0" or "0xffffff00". */
function prefixOf(mask: string): number {
  const octets = mask.startsWith('0x') ? [Number.parseInt(mask.slice(2), 16)] : mask.split('.').map(Number);
  return octets.reduce((bits, octet) => bits + (octet.toString(2).match(/1/g)?.length ?? 0), 0);
}
