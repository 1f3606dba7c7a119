// The page that comes with a kit: what it does, how it is rolled out and undone, what to give the relay, and the hash of each script.
import type { KitFile } from './kit-files.ts';
import type { KitSettings } from './kit-settings.ts';

const queueLines = ({ queue }: KitSettings): string =>
  queue === undefined
    ? ''
    : `
File queue
  For machines that let nothing in but file sharing. The relay leaves signed jobs on the share rmm$, two tasks of the system
  (\\RMM\\RMM Queue monitor, \\RMM\\RMM Queue act) run those that the key below has signed, and write each into the event log
  "RMM Queue" before it begins.
  Pinned key of the relay: ${queue.jobKey}
  Compare it with "rmm relay job-key" at the relay. Add the relay's account to the local group "RMM Queue".
`;

export function kitPage(settings: KitSettings, scripts: readonly KitFile[]): string {
  const { site, relayAddresses, account } = settings;
  return `Monitoring of Windows machines: ${site}

Protocol-verified: these scripts were checked as text, and none of them was run on Windows. Try them on one machine of each kind
first, with docs/windows-checklist.md beside you.

What they do
  An HTTPS listener of WinRM with a certificate of the machine itself (port 5986); the firewall opens it to ${relayAddresses.join(', ')}
  and to nobody else. A local group "RMM Monitors"${account === undefined ? '' : `, with ${account} in it,`} may read WMI, counters, event logs and services.
  LocalAccountTokenFilterPolicy, port 5985 and Basic are left as they are.
${queueLines(settings)}
By group policy
  Computer Configuration, Policies, Windows Settings, Scripts, Startup, PowerShell Scripts: Enable-RmmMonitoring.ps1.
  To undo it, put Disable-RmmMonitoring.ps1 in its place; it takes back what the other has made, and nothing else.
By Intune
  Devices, Scripts and remediations, Create: Intune-Detect.ps1 and Intune-Remediate.ps1, run as the system, 64-bit.
  To undo it, end the remediation and run Disable-RmmMonitoring.ps1 as a platform script.

Domain controllers have no groups of their own: these scripts stop there without a change.

SHA-256
${scripts.map(({ name, sha256 }) => `  ${sha256}  ${name}`).join('\n')}
`;
}
