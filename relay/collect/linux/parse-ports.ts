// Reads which ports a Linux machine listens on, from ss or from the kernel's tables.
import { byKey, factText } from '#relay/collect/fact-text.ts';
import type { Sections } from '#relay/collect/framed-output.ts';

/** A machine of services has fifty; a hostile one is cut here. */
const MAX_PORTS = 1_024;

interface OpenPort {
  protocol: 'tcp' | 'udp';
  address: string;
  port: number;
  /** Name of the program; the kernel's tables do not have it, and other people's programs are hidden without root. */
  process: string | null;
  [member: string]: string | number | null;
}

/** Sorted and each once: a program may listen on one port with many sockets. Undefined when nothing tells. */
export function openPorts(sections: Sections): OpenPort[] | undefined {
  const tables = (['tcp', 'tcp6', 'udp', 'udp6'] as const).filter((table) => sections.has(`proc-${table}`));
  if (!sections.has('ss') && tables.length === 0) return undefined;
  const found = [
    ...(sections.get('ss') ?? []).flatMap(fromSs),
    ...tables.flatMap((table) => (sections.get(`proc-${table}`) ?? []).flatMap((line) => fromTable(table, line))),
  ];
  const key = ({ protocol, port, address, process }: OpenPort) =>
    `${protocol} ${String(port).padStart(5, '0')} ${address} ${process ?? ''}`;
  return [...new Map(found.map((open) => [key(open), open])).values()].sort(byKey(key)).slice(0, MAX_PORTS);
}

/** `tcp   LISTEN 0  128  [::]:22  [::]:*  users:(("sshd",pid=1,fd=3))` */
function fromSs(line: string): OpenPort[] {
  const [protocol = '', state = '', , , local = ''] = line.trim().split(/\s+/);
  const [, address = '', port = ''] = /^(.+):(\d{1,5})$/.exec(local) ?? [];
  const isOpen = (protocol === 'tcp' && state === 'LISTEN') || (protocol === 'udp' && state === 'UNCONN');
  if (!isOpen || port === '') return [];
  const process = factText(/users:\(\("((?:[^"\\]|\\.){1,64})"/.exec(line)?.[1]);
  return [{ protocol, address: plainAddress(address), port: Number(port), process }];
}

/** "[fe80::1]%eth0", "[::]", "127.0.0.53%lo", "*": without brackets and scope; ss writes * where both families are meant. */
function plainAddress(address: string): string {
  const bare = address.replaceAll(/[[\]]/g, '').replace(/%.*$/, '');
  return factText(bare) ?? '*';
}

/** "0: 00000000:07E8 00000000:0000 0A ...": state 0A is a listening TCP socket, 07 an unconnected UDP one. */
function fromTable(table: 'tcp' | 'tcp6' | 'udp' | 'udp6', line: string): OpenPort[] {
  const protocol = table.startsWith('tcp') ? 'tcp' : 'udp';
  const [, address = '', port = '', state] =
    /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]+:0000 ([0-9A-F]{2}) /.exec(line) ?? [];
  if (state !== (protocol === 'tcp' ? '0A' : '07')) return [];
  return [{ protocol, address: addressOf(address), port: Number.parseInt(port, 16), process: null }];
}

/** The kernel prints each 32-bit word of an address in the order of the machine, which is little-endian wherever we poll. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    [6, 4, 2, 0].map((at) => Number.parseInt(word.slice(at, at + 2), 16)),
  );
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((bytes[2 * i] ?? 0) * 256 + (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  // URL writes an IPv6 address in its shortest form.
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}
