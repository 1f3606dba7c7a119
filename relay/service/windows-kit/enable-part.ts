// The steps that make a Windows machine ready to be monitored. Each may run again at every start: what stands already is left as it is.

export const ENABLE = String.raw`
function Enable-Group([string]$Name, [string]$Account) {
  $sid = Get-GroupSid $Name
  if ($null -eq $sid) { $sid = (New-LocalGroup -Name $Name -Description $OwnMark).SID.Value }
  if ($Account -ne '') { $null = Add-Member $sid $Account }
  return $sid
}

# True when it was not a member before.
function Add-Member([string]$GroupSid, [string]$Account) {
  try { Add-LocalGroupMember -SID $GroupSid -Member $Account; return $true }
  catch [Microsoft.PowerShell.Commands.MemberExistsException] { return $false }
}

# A local group is no member of another: the account itself joins the group of Windows that may read counters.
function Enable-Counters {
  if ($MonitorAccount -eq '') { return }
  if (Add-Member $PerformanceUsers $MonitorAccount) { Set-Before 'performance-member' $MonitorAccount }
}

function Enable-WinRm {
  $service = Get-CimInstance -ClassName Win32_Service -Filter "Name = 'WinRM'" -Property StartMode, State
  Set-Before 'winrm-start' $service.StartMode
  Set-Before 'winrm-state' $service.State
  if ($service.StartMode -ne 'Auto') { Set-Service -Name WinRM -StartupType Automatic }
  if ($service.State -ne 'Running') { Start-Service -Name WinRM }
}

# A listener that somebody else has made is used as it is.
function Enable-Listener {
  if ($null -ne (Get-HttpsListener)) { return }
  $certificate = Get-OwnCertificate
  if ($null -eq $certificate) {
    $names = @($env:COMPUTERNAME, [Net.Dns]::GetHostEntry('').HostName) | Select-Object -Unique
    # Ten years: the relay pins it, and tells when it is another one.
    $certificate = New-SelfSignedCertificate -DnsName $names -CertStoreLocation Cert:\LocalMachine\My -FriendlyName $CertificateName -KeyAlgorithm RSA -KeyLength 3072 -HashAlgorithm SHA256 -KeyExportPolicy NonExportable -NotAfter (Get-Date).AddYears(10) -TextExtension '2.5.29.37={text}1.3.6.1.5.5.7.3.1'
    Set-Before 'certificate' $certificate.Thumbprint
  }
  $null = New-Item -Path WSMan:\localhost\Listener -Transport HTTPS -Address * -CertificateThumbPrint $certificate.Thumbprint -Force
  Set-Before 'listener' $certificate.Thumbprint
}

function Enable-Rule([string]$Name, [string]$Title, [int]$Port) {
  $rule = Get-NetFirewallRule -Name $Name -ErrorAction SilentlyContinue
  if ($null -ne $rule) { Set-NetFirewallRule -Name $Name -RemoteAddress $RelayAddresses -Enabled True; return }
  $null = New-NetFirewallRule -Name $Name -DisplayName $Title -Direction Inbound -Action Allow -Protocol TCP -LocalPort $Port -RemoteAddress $RelayAddresses -Profile Any
}

function Enable-Grants([string]$Sid) {
  foreach ($grant in $Grants) {
    try { $before = Get-Sddl $grant.Kind $grant.Name } catch { Write-Output "left out, not here: $($grant.Kind) $($grant.Name)"; continue }
    $after = Add-Ace $before ($grant.Ace -f $Sid) $Sid
    if ($after -cne $before) { Set-Sddl $grant.Kind $grant.Name $after }
  }
}

Enable-WinRm
$sid = Enable-Group $MonitorGroup $MonitorAccount
Enable-Counters
Enable-Listener
Enable-Rule $WebRule 'RMM: WinRM over HTTPS from the relay' 5986
Enable-Grants $sid
Write-Output 'ready to be monitored'
`;

export const DISABLE = String.raw`
function Disable-Grants([string]$Sid) {
  foreach ($grant in $Grants) {
    try { $before = Get-Sddl $grant.Kind $grant.Name } catch { continue }
    $after = Remove-Ace $before $Sid
    if ($after -cne $before) { Set-Sddl $grant.Kind $grant.Name $after }
  }
}

function Disable-Listener {
  $own = Get-Before 'listener'
  $listener = Get-HttpsListener
  if ($null -ne $own -and $null -ne $listener) {
    $used = (Get-ChildItem -LiteralPath $listener.PSPath | Where-Object { $_.Name -eq 'CertificateThumbprint' }).Value
    if ($used -eq $own) { Remove-Item -LiteralPath $listener.PSPath -Recurse -Force }
  }
  $made = Get-Before 'certificate'
  if ($null -ne $made) { Remove-Item -LiteralPath ('Cert:\LocalMachine\My\' + $made) -ErrorAction SilentlyContinue }
}

function Disable-WinRm {
  $start = Get-Before 'winrm-start'
  $state = Get-Before 'winrm-state'
  if ($null -ne $start -and $start -ne 'Auto') { Set-Service -Name WinRM -StartupType $start }
  if ($null -ne $state -and $state -ne 'Running') { Stop-Service -Name WinRM }
}

$member = Get-Before 'performance-member'
if ($null -ne $member) { Remove-LocalGroupMember -SID $PerformanceUsers -Member $member -ErrorAction SilentlyContinue }
Remove-NetFirewallRule -Name $WebRule -ErrorAction SilentlyContinue
$sid = Get-GroupSid $MonitorGroup
if ($null -ne $sid) {
  Disable-Grants $sid
  Remove-LocalGroup -SID $sid
}
Disable-Listener
Disable-WinRm
if (Test-Path -LiteralPath $Book) { Remove-Item -LiteralPath $Book -Recurse }
Write-Output 'as it was before'
`;

export const DETECT = `
$missing = @()
function Test-Rule([string]$Name) {
  $rule = Get-NetFirewallRule -Name $Name -ErrorAction SilentlyContinue
  if ($null -eq $rule -or $rule.Enabled -ne 'True') { return $false }
  $from = @(($rule | Get-NetFirewallAddressFilter).RemoteAddress)
  return (@($from).Length -eq @($RelayAddresses).Length)
}

try {
  if ((Get-Service -Name WinRM).Status -ne 'Running') { $missing += 'WinRM does not run' }
  elseif ($null -eq (Get-HttpsListener)) { $missing += 'no HTTPS listener' }
  if (-not (Test-Rule $WebRule)) { $missing += 'the firewall' }
  $sid = Get-GroupSid $MonitorGroup
  if ($null -eq $sid) { $missing += 'the group of monitors' }
  else {
    foreach ($grant in $Grants) {
      try { $now = Get-Sddl $grant.Kind $grant.Name } catch { continue }
      if (-not $now.Contains(';' + $sid + ')')) { $missing += "$($grant.Kind) $($grant.Name)" }
    }
  }
} catch { $missing += $_.Exception.Message }
`;

/** Behind the checks of all parts: Intune remedies what ends with 1. */
export const DETECT_END = `
if ($missing.Length -gt 0) { Write-Output ('missing: ' + [string]::Join(', ', $missing)); exit 1 }
Write-Output 'ready to be monitored'
exit 0
`;
