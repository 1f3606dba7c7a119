// Does a machine offer the network what nobody should reach? From its open ports, whatever its system.
import type { SecurityCheck } from '#shared/model/security-scan.ts';
import type { Fact } from './collector.ts';
import { securityCheck } from './security-check.ts';

/** Services that speak in the clear or let anybody in as they come. */
const RISKY: Readonly<Record<string, string>> = {
  'tcp 21': 'FTP',
  'tcp 23': 'Telnet',
  'udp 69': 'TFTP',
  'tcp 512': 'rexec',
  'tcp 513': 'rlogin',
  'tcp 514': 'rsh',
  'tcp 873': 'rsync',
  'tcp 2375': 'Docker without TLS',
  'tcp 5900': 'VNC',
  'tcp 6379': 'Redis',
  'tcp 9200': 'Elasticsearch',
  'tcp 11211': 'memcached',
  'udp 11211': 'memcached',
  'tcp 27017': 'MongoDB',
};

const isLoopback = (address: unknown): boolean =>
  typeof address === 'string' && (address === '::1' || address.startsWith('127.'));

export function openPortsCheck(facts: readonly Fact[]): SecurityCheck {
  const ports = facts.find(({ kind }) => kind === 'ports')?.body['ports'];
  if (!Array.isArray(ports)) return securityCheck('open-ports', 'unknown', 'Not known: the machine did not tell.');
  const found = new Set<string>();
  let open = 0;
  for (const one of ports) {
    if (typeof one !== 'object' || one === null || Array.isArray(one) || isLoopback(one['address'])) continue;
    open += 1;
    const name = RISKY[`${one['protocol']} ${one['port']}`];
    if (name !== undefined) found.add(`${name} (${one['port']})`);
  }
  return found.size > 0
    ? securityCheck('open-ports', 'no', `Open to the network: ${[...found].join(', ')}.`)
    : securityCheck(
        'open-ports',
        'yes',
        `${open} ports are open to the network, none of a service that is known as careless.`,
      );
}
