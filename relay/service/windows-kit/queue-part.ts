// The optional file queue of a kit: a share that the relay alone may write to, and two tasks of the system that run its signed jobs.
import { INVOKE_RMM_JOB } from '#relay/transport/smb-queue/invoke-rmm-job.ts';

/** A single-quoted here-string ends at a line that begins with its mark; the script has none. */
function hereString(text: string): string {
  if (/^'@/m.test(text)) throw new TypeError('the script would end its own here-string');
  return `@'\n${text.replace(/\n$/, '')}\n'@`;
}

export const queueEnable = (): string => String.raw`
$QueueScript = ${hereString(INVOKE_RMM_JOB)}

# Whatever made this file's line ends: on the disk stand CR LF, and the hash that the kit has printed.
function Get-QueueScriptBytes {
  $lines = $QueueScript.Replace([string][char]13, '').Split([char]10)
  $text = [string]::Join([string][char]13 + [string][char]10, $lines) + [char]13 + [char]10
  $bytes = [Text.Encoding]::ASCII.GetBytes($text)
  $sha = [Security.Cryptography.SHA256]::Create()
  $hash = [BitConverter]::ToString($sha.ComputeHash($bytes)).Replace('-', '').ToLowerInvariant()
  if ($hash -cne $QueueScriptHash) { throw 'the script of the queue is not the one of the kit' }
  return , $bytes
}

# Made with its rights from the start. A folder that somebody else has put there is not taken over.
function New-OwnFolder([string]$Path, [string]$Sddl) {
  $rights = New-Object Security.AccessControl.DirectorySecurity
  $rights.SetSecurityDescriptorSddlForm($Sddl)
  if (Test-Path -LiteralPath $Path) {
    if ($null -eq (Get-Before 'queue')) { throw "$Path stands already, and is not ours" }
    Set-Acl -LiteralPath $Path -AclObject $rights
    return
  }
  $null = [IO.Directory]::CreateDirectory($Path, $rights)
}

function Enable-QueueTask([string]$Lane) {
  $file = Join-Path $QueueRoot 'Invoke-RmmJob.ps1'
  $share = Join-Path $QueueRoot 'share'
  $how = '-NoLogo -NoProfile -NonInteractive -ExecutionPolicy RemoteSigned -File "' + $file + '" -Queue "' + $share + '" -Lane ' + $Lane + ' -RelayKey ' + $QueueKey
  $action = New-ScheduledTaskAction -Execute (Join-Path $PSHOME 'powershell.exe') -Argument $how
  $triggers = @((New-ScheduledTaskTrigger -AtStartup), (New-ScheduledTaskTrigger -Once -At '2020-01-01T00:00:00' -RepetitionInterval (New-TimeSpan -Minutes 1)))
  $principal = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -LogonType ServiceAccount -RunLevel Highest
  # One worker of a lane at a time, without an end; the minute only starts it anew when it died.
  $settings = New-ScheduledTaskSettingsSet -MultipleInstances IgnoreNew -ExecutionTimeLimit ([TimeSpan]::Zero) -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -StartWhenAvailable
  $null = Register-ScheduledTask -TaskPath '\RMM\' -TaskName "RMM Queue $Lane" -Action $action -Trigger $triggers -Principal $principal -Settings $settings -Force
  Start-ScheduledTask -TaskPath '\RMM\' -TaskName "RMM Queue $Lane"
}

# Tasks that run an older script or key end before they are made anew.
function Enable-Queue {
  $group = Enable-Group $QueueGroup $QueueAccount
  New-OwnFolder $QueueRoot 'O:SYD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)'
  Set-Before 'queue' $QueueRoot
  $shared = Join-Path $QueueRoot 'share'
  New-OwnFolder $shared ('O:SYD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;' + $group + ')')
  foreach ($name in 'jobs', 'claimed', 'done') { $null = [IO.Directory]::CreateDirectory((Join-Path $shared $name)) }
  if (-not [Diagnostics.EventLog]::SourceExists('RMM Queue')) { New-EventLog -LogName 'RMM Queue' -Source 'RMM Queue' }
  Limit-EventLog -LogName 'RMM Queue' -MaximumSize 16MB -OverflowAction OverwriteAsNeeded
  $file = Join-Path $QueueRoot 'Invoke-RmmJob.ps1'
  $bytes = Get-QueueScriptBytes
  if ((Test-QueueScript) -and (Test-QueueTasks)) { return }
  [IO.File]::WriteAllBytes($file, $bytes)
  foreach ($lane in $Lanes) {
    Stop-ScheduledTask -TaskPath '\RMM\' -TaskName "RMM Queue $lane" -ErrorAction SilentlyContinue
    Enable-QueueTask $lane
  }
}

function Enable-QueueShare {
  $name = (Get-LocalGroup -Name $QueueGroup).Name
  $standing = Get-SmbShare -Name $QueueShare -ErrorAction SilentlyContinue
  if ($null -ne $standing -and $standing.Description -cne $OwnMark) { throw "the share $QueueShare is somebody else's" }
  if ($null -eq $standing) {
    $null = New-SmbShare -Name $QueueShare -Path (Join-Path $QueueRoot 'share') -ChangeAccess ($env:COMPUTERNAME + '\' + $name) -EncryptData $true -CachingMode None -FolderEnumerationMode AccessBased -Description $OwnMark
  }
}

Enable-Queue
Enable-QueueShare
Enable-Rule $ShareRule 'RMM: file queue from the relay' 445
Write-Output 'the file queue runs'
`;

/** Used by the step that makes the queue and by the one that looks whether it stands. */
export const QUEUE_CHECKS = String.raw`
function Test-QueueScript {
  $file = Join-Path $QueueRoot 'Invoke-RmmJob.ps1'
  if (-not (Test-Path -LiteralPath $file)) { return $false }
  return ((Get-FileHash -LiteralPath $file -Algorithm SHA256).Hash -eq $QueueScriptHash)
}

function Test-QueueTasks {
  foreach ($lane in $Lanes) {
    $task = Get-ScheduledTask -TaskPath '\RMM\' -TaskName "RMM Queue $lane" -ErrorAction SilentlyContinue
    if ($null -eq $task -or -not $task.Actions[0].Arguments.EndsWith(' -RelayKey ' + $QueueKey)) { return $false }
  }
  return $true
}
`;

export const QUEUE_DETECT = `
try {
  if (-not (Test-QueueScript)) { $missing += 'the script of the queue' }
  if (-not (Test-QueueTasks)) { $missing += 'the tasks of the queue' }
  if ($null -eq (Get-SmbShare -Name $QueueShare -ErrorAction SilentlyContinue)) { $missing += 'the share of the queue' }
  if (-not (Test-Rule $ShareRule)) { $missing += 'the firewall of the queue' }
} catch { $missing += $_.Exception.Message }
`;

export const QUEUE_DISABLE = String.raw`
foreach ($lane in $Lanes) {
  Stop-ScheduledTask -TaskPath '\RMM\' -TaskName "RMM Queue $lane" -ErrorAction SilentlyContinue
  Unregister-ScheduledTask -TaskPath '\RMM\' -TaskName "RMM Queue $lane" -Confirm:$false -ErrorAction SilentlyContinue
}
Remove-NetFirewallRule -Name $ShareRule -ErrorAction SilentlyContinue
$shared = Get-SmbShare -Name $QueueShare -ErrorAction SilentlyContinue
if ($null -ne $shared -and $shared.Description -ceq $OwnMark) { Remove-SmbShare -Name $QueueShare -Force }
if ($null -ne (Get-Before 'queue') -and (Test-Path -LiteralPath $QueueRoot)) { Remove-Item -LiteralPath $QueueRoot -Recurse -Force }
if ([Diagnostics.EventLog]::SourceExists('RMM Queue')) { Remove-EventLog -LogName 'RMM Queue' }
$provider = [Security.Cryptography.CngProvider]::MicrosoftSoftwareKeyStorageProvider
$where = [Security.Cryptography.CngKeyOpenOptions]::MachineKey
if ([Security.Cryptography.CngKey]::Exists('RMM Queue Device', $provider, $where)) {
  [Security.Cryptography.CngKey]::Open('RMM Queue Device', $provider, $where).Delete()
}
if ($null -ne (Get-GroupSid $QueueGroup)) { Remove-LocalGroup -Name $QueueGroup }
`;
