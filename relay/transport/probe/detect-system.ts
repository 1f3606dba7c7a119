// Judges from open ports and first words what a machine is and how a relay would reach it. Pure: a guess that a person confirms.
import type { DeviceSystem } from '#shared/model/device.ts';
import type { ProbedPort, ProbeResult } from '#shared/model/probe.ts';

/** What servers call their system in the comment of their version; in this order, the first that fits. */
const GREETINGS: ReadonlyArray<readonly [pattern: RegExp, system: DeviceSystem]> = [
  [/^SSH-[\d.]+-OpenSSH_for_Windows/i, 'windows'],
  [/^SSH-.*\bFreeBSD-/i, 'freebsd'],
  [/^SSH-.*\b(Ubuntu|Debian|Raspbian|Deepin|Alpine|Arch|Fedora|Red ?Hat|SUSE)\b/i, 'linux'],
  [/^SSH-[\d.]+-(dropbear|tinyssh)/i, 'linux'],
];

const isSsh = ({ state, greeting }: ProbedPort): boolean => state === 'open' && greeting?.startsWith('SSH-') === true;

const isOpenAt = (ports: readonly ProbedPort[], wanted: readonly number[]): boolean =>
  ports.some(({ port, state }) => state === 'open' && wanted.includes(port));

export function detectSystem(ports: readonly ProbedPort[]): DeviceSystem {
  for (const { greeting } of ports.filter(isSsh)) {
    const named = GREETINGS.find(([pattern]) => pattern.test(greeting ?? ''));
    if (named !== undefined) return named[1];
  }
  const open = new Set(ports.filter(({ state }) => state === 'open').map(({ port }) => port));
  // 445 and 139 alone may be a Samba, 3389 an xrdp, 5985 anything; the endpoint mapper at 135 is Windows' own.
  const isWindows = open.has(135) && (open.has(445) || open.has(139) || open.has(3389) || open.has(5985));
  return isWindows || (open.has(5985) && open.has(445)) || open.has(5986) ? 'windows' : 'unknown';
}

/**
 * SSH where something speaks it, on the asked port first. A Windows is met over WinRM where that is open, without a port: the relay
 * begins with TLS and never goes below what it once reached.
 */
export function suggestTransport(
  ports: readonly ProbedPort[],
  system: DeviceSystem,
  asked?: number,
): Pick<ProbeResult, 'suggestedTransport' | 'suggestedPort'> {
  if (system === 'windows' && isOpenAt(ports, [5986, 5985])) return { suggestedTransport: 'winrm' };
  const speaking = ports.filter(isSsh);
  const best = speaking.find(({ port }) => port === asked) ?? speaking[0];
  return best === undefined ? {} : { suggestedTransport: 'ssh', suggestedPort: best.port };
}
