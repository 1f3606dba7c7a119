// The part of `rmm relay probe` that needs no login: names, ports, what WinRM and file sharing say to anybody.
import { probeHost } from '#relay/transport/probe/probe-host.ts';
import { lookAtWinrm, type Tell } from '#relay/transport/probe/winrm-steps.ts';
import { probePosture } from '#relay/transport/smb/posture.ts';
import { WINRM_PORTS } from '#relay/transport/winrm/winrm-ways.ts';
import type { Clock } from '#shared/base/clock.ts';
import { systemRandom } from '#shared/base/id.ts';
import type { ProbedPort, ProbeResult } from '#shared/model/probe.ts';

interface LookDeps {
  clock: Clock;
  tell: Tell;
}

interface Target {
  address: string;
  port: number | undefined;
}

/** False for a name that leads nowhere. */
export async function lookAtMachine(target: Target, deps: LookDeps, signal: AbortSignal): Promise<boolean> {
  const { clock, tell } = deps;
  // Who sits at the relay's own machine may look at it, too.
  const seen = await probeHost(target, { clock, signal, rule: { allowLoopback: true } });
  const [address] = seen.addresses;
  tell('address', address === undefined ? seen.lookup : seen.addresses.join(', '));
  if (address === undefined) return false;
  tellPorts(seen, tell);
  const isOpen = (port: number) => seen.ports.some((one) => one.port === port && one.state === 'open');
  const ports = target.port === undefined ? [WINRM_PORTS.tls, WINRM_PORTS.plain] : [target.port];
  for (const port of ports.filter(isOpen)) {
    const schemes = port === WINRM_PORTS.plain ? (['http'] as const) : (['https'] as const);
    // What speaks at another port is not known: TLS is tried first, as a session does it.
    const both = target.port === undefined || port in SURE ? schemes : (['https', 'http'] as const);
    for (const scheme of both) {
      const asked = { name: target.address, host: target.address, address, port, scheme };
      await lookAtWinrm(asked, { clock, tell }, signal);
    }
  }
  if (isOpen(SMB_PORT)) await lookAtSmb(target.address, address, deps, signal);
  return true;
}

const SMB_PORT = 445;
/** Ports that mean what they usually mean. */
const SURE: Readonly<Record<number, true>> = { [WINRM_PORTS.tls]: true, [WINRM_PORTS.plain]: true };

const portText = ({ port, state }: ProbedPort) => `${port} ${state}`;

function tellPorts({ ports, system, suggestedTransport }: ProbeResult, tell: Tell): void {
  tell('ports', ports.map(portText).join(', '));
  tell('seems to be', `${system}, to be reached over ${suggestedTransport ?? 'nothing that answers'}`);
}

async function lookAtSmb(name: string, host: string, { clock, tell }: LookDeps, signal: AbortSignal): Promise<void> {
  const posture = await probePosture({ name, host }, { clock, random: systemRandom }, signal);
  if (!posture.ok) return tell('445 SMB', `${posture.reason}: ${posture.detail}`);
  const { dialects, isSigningRequired, cipher, signing, hasSmb1 } = posture.value;
  tell('445 SMB dialects', dialects.join(', ') || 'none');
  tell('445 SMB signing', `${isSigningRequired ? 'required' : 'not required'}, ${signing}`);
  tell('445 SMB encryption', cipher ?? 'none');
  tell('445 SMB 1', hasSmb1 ? 'spoken, and protected by nothing' : 'not spoken');
}
