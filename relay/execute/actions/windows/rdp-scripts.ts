// Allows and forbids the remote desktop of Windows, and starts its service.
import { windowsScript } from './windows-prelude.ts';

/** The group of firewall rules has a name in each language, and one number in all of them. */
const RDP = `
$key = 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server'
function State { if ((Get-ItemProperty -Path $key).fDenyTSConnections -eq 0) { 'enabled' } else { 'disabled' } }
function Set-Rdp($allow) {
  Set-ItemProperty -Path $key -Name fDenyTSConnections -Value ([int](-not $allow)) -Type DWord
  $rules = @(Get-NetFirewallRule -Group '@FirewallAPI.dll,-28752' -ErrorAction SilentlyContinue)
  if ($rules.Count -gt 0) { if ($allow) { $rules | Enable-NetFirewallRule } else { $rules | Disable-NetFirewallRule } }
}
$before = State
`;

export const windowsRdpEnable = windowsScript(
  'rdp.enable',
  `${RDP}Set-Rdp $true
Said "remote desktop: before $before, after $(State)"
if ((State) -ne 'enabled') { exit 103 }`,
);

export const windowsRdpDisable = windowsScript(
  'rdp.disable',
  `${RDP}Set-Rdp $false
Said "remote desktop: before $before, after $(State)"
if ((State) -ne 'disabled') { exit 103 }`,
);

export const windowsRdpStart = windowsScript(
  'rdp.start',
  `${RDP}Set-Rdp $true
$service = Get-Service | Where-Object { $_.Name -eq 'TermService' } | Select-Object -First 1
if ($null -eq $service) { Said 'this edition has no remote desktop'; exit 102 }
if ($service.StartType -eq 'Disabled') { $service | Set-Service -StartupType Manual }
if ($service.Status -ne 'Running') { $service | Start-Service }
$port = (Get-ItemProperty -Path "$key\\WinStations\\RDP-Tcp").PortNumber
Said "remote desktop: before $before, after $(State), port $port"
if ((State) -ne 'enabled') { exit 103 }`,
);
