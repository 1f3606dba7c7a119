// What every script of the kit begins with: its settings, what it keeps of the state before, and how rights are added and taken away.
import { INVOKE_RMM_JOB } from '#relay/transport/smb-queue/invoke-rmm-job.ts';
import { asciiOf, type KitSettings, psList, psText } from './kit-settings.ts';
import { sha256Of, windowsText } from './windows-text.ts';

/**
 * A security descriptor as text (MS-DTYP 2.5.1.1): what stands before the entries of its DACL, the entries, and its SACL.
 * A descriptor with anything else, such as a condition, is left alone.
 */
export const SDDL_FORM = '^([^()]*D:[A-Z]*)((?:\\([^()]*\\))*)(S:.*)?$';
/** Own entries stand before inherited ones. */
export const INHERITED_FORM = '^(.*?)(\\([A-Z]+;[A-Z]*ID[A-Z]*;.*)$';

/** Read rights, by what they are for. {0} is the SID of the group. */
export const ACES = {
  /** Get, enumerate and invoke over WinRM; shells have rights of their own, and this gives none. */
  winrm: '(A;;GXGR;;;{0})',
  /** Enable account and remote enable (WBEM_ENABLE, WBEM_REMOTE_ACCESS), with the namespaces below. */
  wmi: '(A;CI;CCWP;;;{0})',
  /** Read of an event log. */
  log: '(A;;0x1;;;{0})',
  /** Connect, enumerate, query the lock, read control. */
  manager: '(A;;CCLCRPRC;;;{0})',
  /** Query configuration, query status, read control. */
  service: '(A;;CCLCRC;;;{0})',
} as const;

const NAMESPACES = [
  'root/cimv2',
  'root/standardcimv2',
  'root/wmi',
  'root/microsoft/windows/storage',
  'root/microsoft/windows/defender',
  'root/microsoft/windows/taskscheduler',
  'root/securitycenter2',
];
const LOGS = ['System', 'Application', 'Security', 'Windows PowerShell', 'Microsoft-Windows-PowerShell/Operational'];

const grant = (kind: string, name: string, ace: string) =>
  `  @{ Kind = ${psText(kind)}; Name = ${psText(name)}; Ace = ${psText(ace)} }`;

function grantsOf({ services }: KitSettings): string {
  const grants = [
    grant('winrm', 'RootSDDL', ACES.winrm),
    ...NAMESPACES.map((name) => grant('wmi', name, ACES.wmi)),
    ...LOGS.map((name) => grant('log', name, ACES.log)),
    grant('service', 'scmanager', ACES.manager),
    ...services.map((name) => grant('service', name, ACES.service)),
  ];
  return grants.join('\n');
}

/** `purpose` is the script's first line. */
export function commonPart(settings: KitSettings, purpose: string): string {
  const { site, relayAddresses, account = '', queue } = settings;
  return String.raw`# ${purpose}
# Site: ${asciiOf(site)}. Made by "rmm onboard windows"; run as the system or as an administrator. Windows PowerShell 5.1.
# LocalAccountTokenFilterPolicy is left as it is: it would hand every local administrator of the machine their full rights over
# the network, and monitoring needs no administrator. Port 5985, Basic and unencrypted traffic stay as they are as well.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$RelayAddresses = ${psList(relayAddresses)}
$MonitorGroup = 'RMM Monitors'
$MonitorAccount = ${psText(account)}
$QueueKey = ${psText(queue?.jobKey ?? '')}
$QueueGroup = 'RMM Queue'
$QueueAccount = ${psText(queue?.account ?? '')}
$QueueScriptHash = ${psText(queue === undefined ? '' : sha256Of(windowsText(INVOKE_RMM_JOB)))}
$QueueShare = 'rmm$'
$QueueRoot = Join-Path $env:ProgramData 'RMM Queue'
$OwnMark = 'Made by RMM onboarding'
$CertificateName = 'RMM WinRM'
$WebRule = 'RMM-WinRM-HTTPS'
$ShareRule = 'RMM-SMB'
$Book = 'HKLM:\SOFTWARE\RMM Onboarding'
$ScExe = Join-Path $env:SystemRoot 'System32\sc.exe'
$PerformanceUsers = 'S-1-5-32-558'
$Lanes = @('monitor', 'act')
$Grants = @(
${grantsOf(settings)}
)

# What stood before a change, kept once: the undo puts back exactly that.
function Get-Before([string]$Name) {
  if (-not (Test-Path -LiteralPath $Book)) { return $null }
  return (Get-Item -LiteralPath $Book).GetValue($Name)
}

function Set-Before([string]$Name, [string]$Value) {
  if (-not (Test-Path -LiteralPath $Book)) { $null = New-Item -Path $Book -Force }
  if ($null -eq (Get-Before $Name)) { $null = New-ItemProperty -LiteralPath $Book -Name $Name -Value $Value -PropertyType String }
}

function Add-Ace([string]$Sddl, [string]$Ace, [string]$Sid) {
  if ($Sddl -cnotmatch '${SDDL_FORM}') { throw 'a security descriptor of another form' }
  $head = $Matches[1]; $aces = $Matches[2]; $tail = [string]$Matches[3]
  if ($aces.Contains(';' + $Sid + ')')) { return $Sddl }
  if ($aces -cmatch '${INHERITED_FORM}') { return $head + $Matches[1] + $Ace + $Matches[2] + $tail }
  return $head + $aces + $Ace + $tail
}

function Remove-Ace([string]$Sddl, [string]$Sid) {
  if ($Sddl -cnotmatch '${SDDL_FORM}') { throw 'a security descriptor of another form' }
  $aces = [regex]::Replace($Matches[2], '\([^()]*;' + [regex]::Escape($Sid) + '\)', '')
  return $Matches[1] + $aces + [string]$Matches[3]
}

function Get-WmiSecurity([string]$Namespace) {
  return Get-WmiObject -Namespace $Namespace -Class __SystemSecurity
}

function Get-Sddl([string]$Kind, [string]$Name) {
  if ($Kind -eq 'winrm') { return (Get-Item -LiteralPath ('WSMan:\localhost\Service\' + $Name)).Value }
  if ($Kind -eq 'log') { return (New-Object System.Diagnostics.Eventing.Reader.EventLogConfiguration $Name).SecurityDescriptor }
  if ($Kind -eq 'service') {
    $said = & $ScExe sdshow $Name
    if ($LASTEXITCODE -ne 0) { throw 'no such service' }
    return ([string]::Join('', @($said | Where-Object { $_ }))).Trim()
  }
  $binary = @($null)
  $null = (Get-WmiSecurity $Name).PsBase.InvokeMethod('GetSD', $binary)
  return (New-Object System.Management.ManagementClass Win32_SecurityDescriptorHelper).BinarySDToSDDL($binary[0]).SDDL
}

function Set-Sddl([string]$Kind, [string]$Name, [string]$Sddl) {
  if ($Kind -eq 'winrm') { Set-Item -LiteralPath ('WSMan:\localhost\Service\' + $Name) -Value $Sddl -Force; return }
  if ($Kind -eq 'log') {
    $log = New-Object System.Diagnostics.Eventing.Reader.EventLogConfiguration $Name
    $log.SecurityDescriptor = $Sddl
    $log.SaveChanges()
    return
  }
  if ($Kind -eq 'service') {
    $null = & $ScExe sdset $Name $Sddl
    if ($LASTEXITCODE -ne 0) { throw 'its rights could not be written' }
    return
  }
  $helper = New-Object System.Management.ManagementClass Win32_SecurityDescriptorHelper
  $binary = , $helper.SDDLToBinarySD($Sddl).BinarySD
  $null = (Get-WmiSecurity $Name).PsBase.InvokeMethod('SetSD', $binary)
}

function Get-GroupSid([string]$Name) {
  $group = Get-LocalGroup -Name $Name -ErrorAction SilentlyContinue
  if ($null -eq $group) { return $null }
  if ($group.Description -cne $OwnMark) { throw "the group $Name is somebody else's" }
  return $group.SID.Value
}

function Get-HttpsListener {
  return Get-ChildItem -Path WSMan:\localhost\Listener | Where-Object { $_.Keys -contains 'Transport=HTTPS' } | Select-Object -First 1
}

function Get-OwnCertificate {
  $all = @(Get-ChildItem -Path Cert:\LocalMachine\My | Where-Object { $_.FriendlyName -ceq $CertificateName })
  return $all | Sort-Object -Property NotAfter | Select-Object -Last 1
}

if ((Get-CimInstance -ClassName Win32_OperatingSystem -Property ProductType).ProductType -eq 2) {
  throw 'a domain controller has no groups of its own: give its rights by hand (docs/windows-checklist.md)'
}
`;
}
