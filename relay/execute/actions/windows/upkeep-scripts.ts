// Keeps a Windows machine in order: files nobody needs, one event log, names, addresses, adapters and group policies.
import { windowsScript } from './windows-prelude.ts';

/** Links are not followed: who may write into a folder for all must not choose what an administrator deletes. */
const SWEEP = `
$count = 0
$bytes = 0
function Sweep($folder, $before) {
  foreach ($one in @(Get-ChildItem -LiteralPath $folder -Force -ErrorAction SilentlyContinue)) {
    if ($one.Attributes -band [IO.FileAttributes]::ReparsePoint) { continue }
    if ($one.PSIsContainer) { Sweep $one.FullName $before; continue }
    if ($one.LastWriteTimeUtc -ge $before) { continue }
    $size = $one.Length
    try { [IO.File]::Delete($one.FullName); $script:count += 1; $script:bytes += $size } catch { continue }
  }
}
`;

export const windowsTemp = windowsScript(
  'temp.clear',
  `${SWEEP}
$before = [datetime]::UtcNow.AddDays(-[int]$days)
Sweep "$env:SystemRoot\\Temp" $before
foreach ($home1 in @(Get-CimInstance Win32_UserProfile | Where-Object { -not $_.Special })) {
  Sweep "$($home1.LocalPath)\\AppData\\Local\\Temp" $before
}
Said "$count files, $bytes bytes deleted"`,
  ({ days }) => ({ days }),
);

/** 10 days: updates that wait to be installed are younger; 30 for what programs left behind when they broke down. */
export const windowsDisk = windowsScript(
  'disk.clean',
  `${SWEEP}
$drive = New-Object IO.DriveInfo($env:SystemDrive)
$free = $drive.AvailableFreeSpace
Sweep "$env:SystemRoot\\SoftwareDistribution\\Download" ([datetime]::UtcNow.AddDays(-10))
Sweep "$env:ProgramData\\Microsoft\\Windows\\WER" ([datetime]::UtcNow.AddDays(-30))
Sweep "$env:SystemRoot\\Temp" ([datetime]::UtcNow.AddDays(-10))
try { Clear-RecycleBin -Force -ErrorAction SilentlyContinue } catch { $null = $_ }
Said "freed $([math]::Floor(($drive.AvailableFreeSpace - $free) / 1MB)) MB; $count files, $bytes bytes deleted"`,
);

export const windowsLog = windowsScript(
  'log.clear',
  `
$logs = [Diagnostics.Eventing.Reader.EventLogSession]::GlobalSession
if (-not (@($logs.GetLogNames()) -contains $log)) { Said "no log named $log here"; exit 100 }
$logs.ClearLog($log)
Said "$log was cleared"`,
  ({ log }) => ({ log }),
);

export const windowsDns = windowsScript('dns.flush', "Clear-DnsClientCache\nSaid 'flushed: dns client'");

/** 0 is done, 1 wants a reboot (Win32_NetworkAdapterConfiguration, RenewDHCPLease). */
export const windowsRenew = windowsScript(
  'address.renew',
  `
$all = @(Get-CimInstance Win32_NetworkAdapterConfiguration | Where-Object { $_.DHCPEnabled -and $_.IPEnabled })
if ($all.Count -eq 0) { Said 'no adapter has its address by DHCP'; exit 102 }
foreach ($one in $all) {
  $code = ($one | Invoke-CimMethod -MethodName RenewDHCPLease).ReturnValue
  if ($code -gt 1) { Said "adapter $($one.Index): code $code"; exit 104 }
}
Said "asked anew: $($all.Count) adapters"`,
);

/** Addresses that somebody set stay: adapters are started again, no configuration is thrown away. */
export const windowsReset = windowsScript(
  'network.reset',
  `
Clear-DnsClientCache
Get-NetNeighbor -State Reachable, Stale -ErrorAction SilentlyContinue | Remove-NetNeighbor -Confirm:$false -ErrorAction SilentlyContinue
$all = @(Get-NetAdapter -Physical | Where-Object { $_.Status -eq 'Up' })
if ($all.Count -eq 0) { $all = @(Get-NetAdapter | Where-Object { $_.Status -eq 'Up' }) }
if ($all.Count -eq 0) { exit 102 }
$all | Restart-NetAdapter
Said "neighbours and names forgotten, $($all.Count) adapters restarted"`,
);

/** It asks whether to log off where a policy wants that: the answer is no. */
export const windowsPolicy = windowsScript(
  'policy.update',
  `
'n' | & gpupdate.exe /target:computer /force /wait:200 | Out-Null
if ($LASTEXITCODE -ne 0) { Said "gpupdate ended with $LASTEXITCODE"; exit 104 }
Said 'the policies of the computer were applied'`,
);
