// The words that every script of ours for Windows begins and ends with.

import { powershellScript } from '#relay/execute/actions/action-script.ts';
import type { ArgumentsOf, CatalogueName } from '#shared/model/actions/catalogue-actions.ts';

/**
 * Messages are in the language of the machine, so what is wrong is told by the kind of error: 5 is ERROR_ACCESS_DENIED (MS-ERREF
 * 2.2), and some cmdlets hide it, so who is no administrator is told that. The codes are those that scripts of other systems end with.
 */
const PRELUDE = `$ErrorActionPreference='Stop'
function Said([string]$text) { [Console]::Out.Write("said: $text" + [char]10) }
function Test-Admin {
  $me = New-Object Security.Principal.WindowsPrincipal([Security.Principal.WindowsIdentity]::GetCurrent())
  $me.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
}
function CodeOf($record) {
  $code = 104
  $one = $record.Exception
  while ($null -ne $one) {
    if ($one -is [System.ComponentModel.Win32Exception] -and $one.NativeErrorCode -eq 5) { $code = 101 }
    if ($one -is [UnauthorizedAccessException] -or $one -is [Security.SecurityException]) { $code = 101 }
    $one = $one.InnerException
  }
  if ($code -eq 104 -and -not (Test-Admin)) { $code = 101 }
  [Console]::Error.WriteLine("$($record.Exception.Message)")
  return $code
}
function Has($program) { $null -ne (Get-Command $program -ErrorAction SilentlyContinue) }
`;

/** The line that names it is for whoever reads a log of scripts. */
export function windowsScript<Name extends CatalogueName>(
  name: Name,
  body: string,
  valuesOf: (values: ArgumentsOf<Name>) => Readonly<Record<string, string | number>> = () => ({}),
): (values: ArgumentsOf<Name>) => string {
  const script = `# rmm action ${name} 1\n${PRELUDE}try {\n${body.trim()}\n} catch { exit (CodeOf $_) }\nexit 0\n`;
  return (values) => powershellScript(valuesOf(values), script);
}
