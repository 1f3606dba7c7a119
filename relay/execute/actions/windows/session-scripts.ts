// Locks screens of Windows, logs people off, and ends processes.
import { windowsScript } from './windows-prelude.ts';

/** Each session that shows a desktop is taken off its screen, which locks it: a service cannot press the keys of another session. */
export const windowsLock = windowsScript(
  'user.lock',
  `
if (-not (Has 'tsdiscon.exe')) { Said 'this edition has no tsdiscon'; exit 102 }
$ids = @(Get-Process -Name explorer -ErrorAction SilentlyContinue | ForEach-Object { $_.SessionId } | Sort-Object -Unique)
if ($ids.Count -eq 0) { Said 'nobody is logged on'; exit 0 }
foreach ($id in $ids) { & tsdiscon.exe $id; if ($LASTEXITCODE -ne 0) { exit 104 } }
Said "$($ids.Count) sessions locked"
`,
);

/** Session 0 is that of services: never ended. */
export const windowsLogOff = windowsScript(
  'user.logoff',
  `
if (-not (Has 'logoff.exe')) { Said 'this edition has no logoff'; exit 102 }
function Sessions { @(Get-Process -IncludeUserName | Where-Object { $_.SessionId -ne 0 -and $_.UserName -and
  $_.UserName.Split([char]92)[-1] -eq $user } | ForEach-Object { $_.SessionId } | Sort-Object -Unique) }
$ids = Sessions
if ($ids.Count -eq 0) { Said "$user is not logged on"; exit 0 }
foreach ($id in $ids) { & logoff.exe $id; if ($LASTEXITCODE -ne 0) { exit 104 } }
$tries = 0
while ((Sessions).Count -gt 0 -and $tries -lt 20) { Start-Sleep -Milliseconds 500; $tries += 1 }
if ((Sessions).Count -gt 0) { exit 103 }
Said "$($ids.Count) sessions of $user ended"
`,
  ({ user }) => ({ user }),
);

/** A name is compared, never matched; the process that runs this is none of them. */
export const windowsKill = windowsScript(
  'process.kill',
  `
$name = $process -replace '\\.exe$', ''
function Found { @(Get-Process | Where-Object { $_.ProcessName -eq $name -and $_.Id -ne $PID -and
  ($id -eq '' -or "$($_.Id)" -eq $id) }) }
$all = Found
if ($all.Count -eq 0) { Said "no process named $process here"; exit 100 }
$all | Stop-Process -Force
$tries = 0
while ((Found).Count -gt 0 -and $tries -lt 20) { Start-Sleep -Milliseconds 100; $tries += 1 }
if ((Found).Count -gt 0) { exit 103 }
Said "$($all.Count) ended, $($all.Count) of them by force"
`,
  ({ process, pid }) => ({ process, id: pid ?? '' }),
);
