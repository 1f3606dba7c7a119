// Scripts on a Windows machine over SSH: PowerShell gets them on stdin, by the same words whichever shell its sshd starts.
import type { ScriptShell } from '#relay/transport/script-run.ts';
import { ClixmlDecoder } from '#relay/transport/winrm/clixml.ts';
import { POWERSHELL_LINE, powershellInput } from '#relay/transport/winrm/powershell.ts';
import type { RemoteShell } from './ssh-carrier.ts';

/** The line by which a server names itself (RFC 4253, 4.2); others may stand before it. It is part of what its host key signs. */
export const isWindowsGreeting = (greeting: string): boolean => /^SSH-2\.0-OpenSSH_for_Windows/m.test(greeting);

/** Straight to both outputs, ahead of whatever the script prints. */
const announce = (nonce: string): string =>
  `[Console]::Out.Write("${nonce} $PID\n");[Console]::Error.Write("${nonce} $PID\n")\n`;

const SHELL: ScriptShell = {
  name: 'PowerShell',
  wrap: (script, nonce, variables) => powershellInput(script, variables, announce(nonce)),
  newStderr: () => new ClixmlDecoder(),
};

/**
 * Ends a PowerShell and all it started. A number that belongs to another program by now is let alone. `group` is a number above 1 that
 * the device announced, so it can hit nothing but that device.
 */
const killText = (group: number): string =>
  powershellInput(`function Left { Get-Process -Id ${group} -ErrorAction SilentlyContinue | Where-Object { 'powershell', 'pwsh' -contains $_.ProcessName } }
if (Left) { & "$env:SystemRoot\\System32\\taskkill.exe" /PID ${group} /T /F 2>&1 | Out-Null }
for ($i = 0; $i -lt 20; $i++) { if (-not (Left)) { exit 0 }; Start-Sleep -Milliseconds 100 }
exit 1
`);

export const WINDOWS_SHELL: RemoteShell = {
  command: POWERSHELL_LINE,
  script: SHELL,
  // The bootstrap reads to the end of stdin.
  holdsStdin: false,
  killText,
  killCommand: POWERSHELL_LINE,
  // 15 s: PowerShell begins after two on a busy machine, ten at worst, and what is ended takes up to two more.
  killMs: 15_000,
};
