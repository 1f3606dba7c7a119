// What a Windows machine says of its health and of itself.
import { windowsScript } from './windows-prelude.ts';

/** The same marks as on Linux: 90 % of a disk, 5 % of memory; and services that should run by themselves and ended with an error. */
export const windowsHealth = windowsScript(
  'health.check',
  `
$wrong = 0
function Note($text) { $script:wrong += 1; [Console]::Out.Write("WARN $text" + [char]10) }
function Ok($text) { [Console]::Out.Write("ok   $text" + [char]10) }
$cpu = [math]::Round((Get-CimInstance Win32_Processor | Measure-Object -Property LoadPercentage -Average).Average)
if ($cpu -ge 95) { Note "processor at $cpu %" } else { Ok "processor at $cpu %" }
$os = Get-CimInstance Win32_OperatingSystem
$memory = [math]::Floor(100 * $os.FreePhysicalMemory / $os.TotalVisibleMemorySize)
if ($memory -lt 5) { Note "memory $memory % available" } else { Ok "memory $memory % available" }
foreach ($disk in @(Get-CimInstance Win32_LogicalDisk -Filter 'DriveType=3' | Where-Object { $_.Size -gt 0 })) {
  $used = [math]::Ceiling(100 * ($disk.Size - $disk.FreeSpace) / $disk.Size)
  if ($used -ge 90) { Note "disk $($disk.DeviceID) $used %" } else { Ok "disk $($disk.DeviceID) $used %" }
}
$failed = @(Get-CimInstance Win32_Service -Filter "StartMode='Auto' and State='Stopped'" |
  Where-Object { $_.ExitCode -ne 0 -and $_.ExitCode -ne 1077 } | ForEach-Object { $_.Name })
if ($failed.Count -gt 0) { Note "failed services: $($failed -join ' ')" } else { Ok 'no failed services' }
if ($wrong -eq 0) { Said 'nothing is wrong' } else { Said "$wrong things are wrong" }`,
);

export const windowsInfo = windowsScript(
  'system.info',
  `
function Line($name, $text) { [Console]::Out.Write("$($name.PadRight(9)) $text" + [char]10) }
$os = Get-CimInstance Win32_OperatingSystem
$machine = Get-CimInstance Win32_ComputerSystem
Line 'host' $machine.Name
Line 'domain' $machine.Domain
Line 'system' "$($os.Caption) $($os.Version)"
Line 'cpu' "$($machine.NumberOfLogicalProcessors) x $((Get-CimInstance Win32_Processor | Select-Object -First 1).Name)"
Line 'memory' "$([math]::Floor($machine.TotalPhysicalMemory / 1MB)) MB"
Line 'up' "$([math]::Floor(((Get-Date) - $os.LastBootUpTime).TotalHours)) h"
$addresses = @(Get-CimInstance Win32_NetworkAdapterConfiguration -Filter 'IPEnabled=true' | ForEach-Object { $_.IPAddress })
Line 'address' ($addresses -join ', ')
Line 'model' "$($machine.Manufacturer) $($machine.Model)"
foreach ($disk in @(Get-CimInstance Win32_LogicalDisk -Filter 'DriveType=3' | Where-Object { $_.Size -gt 0 })) {
  Line 'disk' "$($disk.DeviceID) $([math]::Floor($disk.Size / 1GB)) GB, $([math]::Ceiling(100 * ($disk.Size - $disk.FreeSpace) / $disk.Size))% used"
}`,
);
