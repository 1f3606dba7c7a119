// Restarts one service of a Windows device through PowerShell; it ends as the script for Linux does, so that one reader serves both.
import type { Action } from '#shared/model/manifest.ts';

type Restart = Extract<Action, { name: 'service.restart' }>['arguments'];

/** PowerShell takes typographic quotes for plain ones, so each is doubled; between quotes nothing else has a meaning. */
const quoted = (text: string): string => `'${text.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'`;

/**
 * The name is a quoted word, compared and never matched: Get-Service would read wildcards. Messages are in the language of the
 * machine, so what is wrong is told by the kind of error: 5 is ERROR_ACCESS_DENIED (MS-ERREF 2.2). 30 s are what the service
 * control manager itself waits for; `-Force` restarts what depends on it, too.
 */
const SCRIPT = `$ErrorActionPreference='Stop'
function State { $one = Get-Service | Where-Object { $_.Name -eq $service } | Select-Object -First 1
  if ($null -eq $one) { return '' }
  switch ("$($one.Status)") { 'Running' { 'active' } 'Stopped' { 'inactive' } default { 'changing' } } }
$before = State
if ($before -eq '') { exit 100 }
$code = 0
try {
  $one = Get-Service | Where-Object { $_.Name -eq $service } | Select-Object -First 1
  if ($before -eq 'active') { $one | Restart-Service -Force -WarningAction SilentlyContinue } else { $one | Start-Service }
} catch {
  $code = 104
  $error1 = $_.Exception
  while ($null -ne $error1) {
    if ($error1 -is [System.ComponentModel.Win32Exception] -and $error1.NativeErrorCode -eq 5) { $code = 101 }
    $error1 = $error1.InnerException
  }
  if ("$($_.FullyQualifiedErrorId)" -like 'CouldNot*Service,*' -and $code -eq 104) {
    $me = New-Object Security.Principal.WindowsPrincipal([Security.Principal.WindowsIdentity]::GetCurrent())
    if (-not $me.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) { $code = 101 }
  }
  [Console]::Error.WriteLine("$($_.Exception.Message)")
}
$after = State
[Console]::Out.Write("before $before, after $after\`n")
if ($code -ne 0) { exit $code }
if ($after -eq 'inactive') { exit 103 }
exit 0
`;

export const windowsRestartScript = ({ service }: Restart): string => `$service=${quoted(service)}\n${SCRIPT}`;
