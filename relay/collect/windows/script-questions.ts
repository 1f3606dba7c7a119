// What no class of CIM tells: asked by PowerShell every few hours, each question a few lines that give rows of named members.
import type { CimProperties } from '#relay/transport/cim.ts';

export interface ScriptQuestion<P extends CimProperties = CimProperties> {
  /** What a row has; times are .NET dates, texts and numbers are written without a language. */
  select: P;
  /** PowerShell that emits one object or hash table per row; an error of it is the answer. */
  script: string;
}

const scripted = <const P extends CimProperties>(select: P, script: string): ScriptQuestion<P> => ({ select, script });

/** Win32_Product is never asked: it checks and repairs every program that it lists. Both views of the registry, and those of people signed in. */
const APPS = String.raw`
function List-Apps($base, $path, $arch, $user) {
  $key = $base.OpenSubKey($path)
  if (-not $key) { return }
  foreach ($id in $key.GetSubKeyNames()) {
    $app = $key.OpenSubKey($id)
    if (-not $app) { continue }
    $name = $app.GetValue('DisplayName')
    if (-not $name -or $app.GetValue('SystemComponent') -eq 1 -or $app.GetValue('ParentKeyName')) { continue }
    @{ Name = $name; Version = $app.GetValue('DisplayVersion'); Publisher = $app.GetValue('Publisher'); Arch = $arch; User = $user }
  }
}
$path = 'SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall'
List-Apps ([Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64')) $path 'x64' $null
List-Apps ([Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry32')) $path 'x86' $null
$users = [Microsoft.Win32.RegistryKey]::OpenBaseKey('Users', 'Default')
foreach ($sid in $users.GetSubKeyNames()) {
  if ($sid -match '^S-1-5-21-[0-9-]+$') { List-Apps $users "$sid\$path" $null $sid }
}`;

/** By the group's well-known SID, because its name is in the machine's language. */
const ADMINS = String.raw`
$sid = New-Object System.Security.Principal.SecurityIdentifier 'S-1-5-32-544'
$name = $sid.Translate([System.Security.Principal.NTAccount]).Value.Split('\')[-1]
$group = [ADSI]"WinNT://$env:COMPUTERNAME/$name,group"
foreach ($member in @($group.psbase.Invoke('Members'))) {
  $get = { param($what) $member.GetType().InvokeMember($what, 'GetProperty', $null, $member, $null) }
  $bytes = & $get 'objectSid'
  @{
    Path = & $get 'ADsPath'
    Class = & $get 'Class'
    Sid = (New-Object System.Security.Principal.SecurityIdentifier $bytes, 0).Value
    Computer = $env:COMPUTERNAME
  }
}`;

const PASSWORDS = `
$d = [ADSI]"WinNT://$env:COMPUTERNAME"
@{
  MinLength = $d.MinPasswordLength.Value
  History = $d.PasswordHistoryLength.Value
  MaxAge = $d.MaxPasswordAge.Value
  MinAge = $d.MinPasswordAge.Value
  Lockout = $d.MaxBadPasswordsAllowed.Value
  LockoutFor = $d.AutoUnlockInterval.Value
}`;

/** auditpol's backup has the setting as a number, its list only in words; the file is gone again whatever happens. */
const AUDIT = String.raw`
$file = [IO.Path]::Combine([IO.Path]::GetTempPath(), [guid]::NewGuid().ToString('N') + '.csv')
try {
  & "$env:SystemRoot\System32\auditpol.exe" /backup "/file:$file" | Out-Null
  if ($LASTEXITCODE -ne 0) { throw (New-Object UnauthorizedAccessException) }
  Get-Content -LiteralPath $file | Select-Object -Skip 1 |
    ConvertFrom-Csv -Header 'Machine', 'Target', 'Name', 'Id', 'Include', 'Exclude', 'Setting' |
    Where-Object { $_.Id -match '^\{' }
} finally { Remove-Item -LiteralPath $file -Force -ErrorAction SilentlyContinue }`;

/** Offline: what the machine found when it last looked, so that a relay sends nobody to the network. */
const UPDATES = `
$searcher = (New-Object -ComObject Microsoft.Update.Session).CreateUpdateSearcher()
$searcher.Online = $false
foreach ($u in $searcher.Search('IsInstalled=0 and IsHidden=0').Updates) {
  @{
    Title = $u.Title
    Kb = @($u.KBArticleIDs | ForEach-Object { "KB$_" })
    Severity = $u.MsrcSeverity
    Kind = $u.Type
    Downloaded = $u.IsDownloaded
    Categories = @($u.Categories | ForEach-Object { $_.CategoryID })
  }
}`;

/** The agent gives these in UTC without saying so. */
const UPDATE_TIMES = `
$r = (New-Object -ComObject Microsoft.Update.AutoUpdate).Results
$utc = { param($t) if ($t) { [datetime]::SpecifyKind($t, 'Utc') } }
@{ SearchedAt = & $utc $r.LastSearchSuccessDate; InstalledAt = & $utc $r.LastInstallationSuccessDate }`;

const REBOOT = String.raw`
$m = [Microsoft.Win32.RegistryKey]::OpenBaseKey('LocalMachine', 'Registry64')
$v = 'SOFTWARE\Microsoft\Windows\CurrentVersion'
if ($m.OpenSubKey("$v\Component Based Servicing\RebootPending")) { @{ Reason = 'components' } }
if ($m.OpenSubKey("$v\WindowsUpdate\Auto Update\RebootRequired")) { @{ Reason = 'windows-update' } }
$s = $m.OpenSubKey('SYSTEM\CurrentControlSet\Control\Session Manager')
if ($s -and @($s.GetValue('PendingFileRenameOperations')).Where({ $_ }).Count) { @{ Reason = 'renamed-files' } }`;

const CERTIFICATES = `
$store = New-Object System.Security.Cryptography.X509Certificates.X509Store 'My', 'LocalMachine'
$store.Open('ReadOnly')
foreach ($c in $store.Certificates) {
  if ($c.HasPrivateKey) { @{ Subject = $c.Subject; Issuer = $c.Issuer; NotAfter = $c.NotAfter; Thumbprint = $c.Thumbprint } }
}
$store.Close()`;

/** What holds in the end, group policies included: the classes of the firewall know the machine's own settings only. */
const FIREWALL = `
$p = New-Object -ComObject HNetCfg.FwPolicy2
foreach ($k in 1, 2, 4) {
  @{ Profile = $k; IsOn = $p.FirewallEnabled($k); Inbound = $p.DefaultInboundAction($k); Outbound = $p.DefaultOutboundAction($k) }
}`;

/** Names of folders alone, in no other order than the disk's; reading every manifest would cost a disk of its own. */
const EXTENSIONS = String.raw`
$browsers = @{ chrome = 'Google\Chrome'; edge = 'Microsoft\Edge'; brave = 'BraveSoftware\Brave-Browser' }
$profiles = Join-Path $env:SystemDrive 'Users'
foreach ($home_ in Get-ChildItem -LiteralPath $profiles -Directory) {
  foreach ($b in $browsers.Keys) {
    $data = Join-Path $home_.FullName "AppData\Local\$($browsers[$b])\User Data"
    foreach ($e in Get-ChildItem -Path "$data\*\Extensions\*\*" -Directory -ErrorAction SilentlyContinue) {
      @{ Browser = $b; Id = $e.Parent.Name; Version = $e.Name; User = $home_.Name }
    }
  }
}`;

export const SCRIPTED = {
  apps: scripted({ Name: 'text', Version: 'text', Publisher: 'text', Arch: 'text', User: 'text' }, APPS),
  admins: scripted({ Path: 'text', Class: 'text', Sid: 'text', Computer: 'text' }, ADMINS),
  passwords: scripted(
    {
      MinLength: 'integer',
      History: 'integer',
      MaxAge: 'integer',
      MinAge: 'integer',
      Lockout: 'integer',
      LockoutFor: 'integer',
    },
    PASSWORDS,
  ),
  audit: scripted({ Id: 'text', Name: 'text', Setting: 'integer' }, AUDIT),
  updates: scripted(
    { Title: 'text', Kb: 'texts', Severity: 'text', Kind: 'integer', Downloaded: 'boolean', Categories: 'texts' },
    UPDATES,
  ),
  updateTimes: scripted({ SearchedAt: 'time', InstalledAt: 'time' }, UPDATE_TIMES),
  reboot: scripted({ Reason: 'text' }, REBOOT),
  certificates: scripted({ Subject: 'text', Issuer: 'text', NotAfter: 'time', Thumbprint: 'text' }, CERTIFICATES),
  effectiveFirewall: scripted(
    { Profile: 'integer', IsOn: 'boolean', Inbound: 'integer', Outbound: 'integer' },
    FIREWALL,
  ),
  extensions: scripted({ Browser: 'text', Id: 'text', Version: 'text', User: 'text' }, EXTENSIONS),
} as const;
