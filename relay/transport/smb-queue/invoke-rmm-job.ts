// Invoke-RmmJob.ps1, the one script of ours that stays on a device: it checks each job of the queue and runs it, or refuses it in writing.

/**
 * For Windows PowerShell 5.1 on .NET Framework: no modules, no network of its own, ASCII alone, neither backticks nor braces
 * behind a dollar sign, so that it stands here as it is. It never ran under Windows here: the shared vectors of
 * test/fixtures/queue-jobs.json say what each of its checks must answer, and a device in TypeScript follows the same steps.
 */
export const INVOKE_RMM_JOB = String.raw`# Runs the jobs that one relay leaves in this machine's queue. Windows PowerShell 5.1; no modules, no network of its own.
# A job runs when the relay whose key is given here has signed it (ES256) for this machine, this time and this once.
# Anything else is refused in writing. Every job is written to the event log "RMM Queue" before it begins.
param(
  [Parameter(Mandatory = $true)][string]$Queue,
  [Parameter(Mandatory = $true)][ValidateSet('monitor', 'act')][string]$Lane,
  [Parameter(Mandatory = $true)][ValidatePattern('^[A-Za-z0-9_-]{86}$')][string]$RelayKey,
  [string]$State = (Join-Path $env:ProgramData 'RMM Queue')
)
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$JobHead = 'rmm-job 1'
$AnswerHead = 'rmm-answer 1'
$Id = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
$Leftover = 'answer|tmp|stop|(monitor|act)\.job(\.withdrawn)?'
$MaxJobBytes = 1048576      # a script of 256 KiB in base64, its statement, and room
$MaxJobsAtOnce = 64         # of one look at the folder; the rest waits for the next
$MaxAnswers = 1000          # answers nobody fetched: more refusals are not written
$Ascii = [Text.Encoding]::ASCII
$Utf8 = New-Object Text.UTF8Encoding $false
$Nothing = New-Object byte[] 0

function ConvertTo-Base64Url([byte[]]$Bytes) {
  return [Convert]::ToBase64String($Bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_')
}

function ConvertFrom-Base64Url([string]$Text) {
  if ($Text -cnotmatch '\A[A-Za-z0-9_-]*\z') { throw 'not base64url' }
  $plain = $Text.Replace('-', '+').Replace('_', '/')
  $bytes = [Convert]::FromBase64String($plain + ('=' * ((4 - $plain.Length % 4) % 4)))
  # One text for one value: stray last bits are refused.
  if ((ConvertTo-Base64Url $bytes) -cne $Text) { throw 'not base64url' }
  return , $bytes
}

function Get-Sha256([byte[]]$Bytes) {
  $sha = [Security.Cryptography.SHA256]::Create()
  try { return , $sha.ComputeHash($Bytes) } finally { $sha.Dispose() }
}

function ConvertTo-Hex([byte[]]$Bytes) {
  return [BitConverter]::ToString($Bytes).Replace('-', '').ToLowerInvariant()
}

function Get-Fingerprint([byte[]]$Point) {
  return 'SHA256:' + [Convert]::ToBase64String((Get-Sha256 $Point)).TrimEnd('=')
}

function Get-NowMs {
  return [long]([DateTime]::UtcNow - [DateTime]'1970-01-01').TotalMilliseconds
}

# BCRYPT_ECCKEY_BLOB: the word ECS1, the length of a coordinate, then X and Y.
function Import-PublicKey([byte[]]$Point) {
  $blob = New-Object byte[] 72
  [Array]::Copy([byte[]](0x45, 0x43, 0x53, 0x31, 0x20, 0, 0, 0), 0, $blob, 0, 8)
  [Array]::Copy($Point, 0, $blob, 8, 64)
  $key = [Security.Cryptography.CngKey]::Import($blob, [Security.Cryptography.CngKeyBlobFormat]::EccPublicBlob)
  return New-Object Security.Cryptography.ECDsaCng -ArgumentList $key
}

# This machine's own key: made once, kept by Windows, not to be exported. Answers are signed with it.
function Open-DeviceKey {
  $name = 'RMM Queue Device'
  $provider = [Security.Cryptography.CngProvider]::MicrosoftSoftwareKeyStorageProvider
  $where = [Security.Cryptography.CngKeyOpenOptions]::MachineKey
  if (-not [Security.Cryptography.CngKey]::Exists($name, $provider, $where)) {
    $how = New-Object Security.Cryptography.CngKeyCreationParameters
    $how.Provider = $provider
    $how.KeyCreationOptions = [Security.Cryptography.CngKeyCreationOptions]::MachineKey
    $how.ExportPolicy = [Security.Cryptography.CngExportPolicies]::None
    # The worker of the other lane may be first: then this fails, and its key is opened below.
    try { $null = [Security.Cryptography.CngKey]::Create([Security.Cryptography.CngAlgorithm]::ECDsaP256, $name, $how) } catch { Start-Sleep -Seconds 1 }
  }
  return [Security.Cryptography.CngKey]::Open($name, $provider, $where)
}

function Get-OwnIdentity {
  $product = Get-CimInstance -ClassName Win32_ComputerSystemProduct -Property UUID, IdentifyingNumber
  $board = Get-CimInstance -ClassName Win32_BaseBoard -Property SerialNumber | Select-Object -First 1
  $guid = (Get-ItemProperty -LiteralPath 'HKLM:\SOFTWARE\Microsoft\Cryptography' -Name MachineGuid).MachineGuid
  $cards = @(Get-CimInstance -ClassName Win32_NetworkAdapter -Filter 'PhysicalAdapter = TRUE' -Property MACAddress, PNPDeviceID)
  $real = @($cards | Where-Object { $_.MACAddress -and $_.PNPDeviceID -notmatch '\A(ROOT|SWD|BTH|\{)' } | Select-Object -First 32)
  $macs = [string[]]@($real | ForEach-Object { $_.MACAddress })
  $boardSerial = $null
  if ($null -ne $board) { $boardSerial = $board.SerialNumber }
  return @{ smbiosUuid = $product.UUID; serial = $product.IdentifyingNumber; boardSerial = $boardSerial; machineId = $guid; macs = $macs }
}

function Read-Member($Object, [string]$Name) {
  $member = $Object.PSObject.Properties[$Name]
  if ($null -eq $member) { return $null }
  return $member.Value
}

# What came before: each job once. Lines are "notBefore expiresAt id". What ended before the newest accepted job began is
# forgotten, and refused as expired from then on, so that no clock that is turned back lets it run again.
function Read-Journal {
  $script:Seen = @{}
  $script:Floor = [long]0
  if (-not [IO.File]::Exists($JournalFile)) { return }
  foreach ($line in [IO.File]::ReadAllLines($JournalFile)) {
    $parts = $line.Split(' ')
    if ($parts.Length -ne 3) { continue }
    $script:Floor = [Math]::Max($Floor, [long]$parts[0])
    if ($parts[2] -ne 'floor') { $script:Seen[$parts[2]] = $line }
  }
}

# On disk before the job has any effect.
function Add-ToJournal($Job) {
  $line = '{0} {1} {2}' -f $Job.notBefore, $Job.expiresAt, $Job.id
  $bytes = $Ascii.GetBytes($line + [char]13 + [char]10)
  $file = New-Object IO.FileStream $JournalFile, ([IO.FileMode]::Append), ([IO.FileAccess]::Write), ([IO.FileShare]::Read)
  try { $file.Write($bytes, 0, $bytes.Length); $file.Flush($true) } finally { $file.Dispose() }
  $script:Seen[$Job.id] = $line
  $script:Floor = [Math]::Max($Floor, [long]$Job.notBefore)
  if ($Seen.Count -ge 1000) { Limit-Journal }
}

function Limit-Journal {
  $kept = @($Seen.Values | Where-Object { [long]$_.Split(' ')[1] -gt $Floor })
  $temporary = $JournalFile + '.new'
  [IO.File]::WriteAllLines($temporary, [string[]](@("$Floor 0 floor") + $kept))
  [IO.File]::Replace($temporary, $JournalFile, [NullString]::Value)
  Read-Journal
}

# The reason to refuse, or nothing. On success the job and its script stand in $Found.
function Test-Job([byte[]]$Bytes, [string]$FileId, $Found) {
  if ($Bytes.Length -gt $MaxJobBytes) { return 'too-large' }
  $lines = $Ascii.GetString($Bytes).Split([char]10)
  if ($lines.Length -ne 4 -or $lines[0] -cne $JobHead -or $lines[3] -ne '') { return 'not-a-job' }
  $parts = $lines[1].Split('.')
  if ($parts.Length -ne 3) { return 'not-a-job' }
  if ($parts[0] -cne $JobHeader) { return 'wrong-key' }
  try {
    $signature = ConvertFrom-Base64Url $parts[2]
    $payload = ConvertFrom-Base64Url $parts[1]
    $script = [Convert]::FromBase64String($lines[2])
  } catch { return 'not-a-job' }
  if ($signature.Length -ne 64) { return 'altered' }
  $signed = Get-Sha256 $Ascii.GetBytes($parts[0] + '.' + $parts[1])
  if (-not $RelayEcdsa.VerifyHash($signed, $signature)) { return 'altered' }
  $job = $Utf8.GetString($payload) | ConvertFrom-Json
  if ($job.v -ne 1) { return 'not-a-job' }
  if ($job.id -cne $FileId -or $job.lane -cne $Lane) { return 'misnamed' }
  if ((ConvertTo-Hex (Get-Sha256 $script)) -cne $job.scriptSha256) { return 'altered' }
  if (-not (Test-Device $job)) { return 'other-device' }
  $now = Get-NowMs
  if ([long]$job.notBefore -gt $now) { return 'early' }
  if ([long]$job.expiresAt -le [Math]::Max($now, $Floor)) { return 'expired' }
  if ($Seen.ContainsKey($job.id)) { return 'replayed' }
  $Found.Job = $job
  $Found.Script = $script
  return $null
}

function Test-Device($Job) {
  $device = Read-Member $Job 'device'
  if ($null -eq $device) { return ($Job.kind -ceq 'hello') }
  if ($device.key -cne $DeviceFingerprint) { return $false }
  foreach ($kind in 'smbiosUuid', 'machineId') {
    $named = Read-Member $device $kind
    if ($null -ne $named -and $named -ne ([string]$Identity[$kind]).Trim()) { return $false }
  }
  return $true
}

function Write-Answer([string]$JobId, $Statement, [byte[]]$Stdout, [byte[]]$Stderr) {
  $Statement['v'] = 1
  $Statement['job'] = $JobId
  $Statement['key'] = ConvertTo-Base64Url $DevicePoint
  $Statement['at'] = Get-NowMs
  $Statement['stdoutSha256'] = ConvertTo-Hex (Get-Sha256 $Stdout)
  $Statement['stderrSha256'] = ConvertTo-Hex (Get-Sha256 $Stderr)
  $payload = ConvertTo-Base64Url $Utf8.GetBytes((ConvertTo-Json -InputObject $Statement -Compress -Depth 4))
  $body = $AnswerHeader + '.' + $payload
  $signature = $DeviceEcdsa.SignHash((Get-Sha256 $Ascii.GetBytes($body)))
  $lines = $AnswerHead, ($body + '.' + (ConvertTo-Base64Url $signature)), [Convert]::ToBase64String($Stdout), [Convert]::ToBase64String($Stderr), ''
  $temporary = Join-Path $Done ($JobId + '.tmp')
  [IO.File]::WriteAllBytes($temporary, $Ascii.GetBytes([string]::Join([string][char]10, $lines)))
  try { [IO.File]::Move($temporary, (Join-Path $Done ($JobId + '.answer'))) } catch { [IO.File]::Delete($temporary) }
}

function Write-Refusal([string]$JobId, [string]$Why) {
  Write-Log 'Warning' 2 "job $JobId refused: $Why"
  if (@([IO.Directory]::GetFiles($Done)).Length -ge $MaxAnswers) { return }
  Write-Answer $JobId @{ kind = 'refused'; why = $Why } $Nothing $Nothing
}

function Write-Log([string]$Level, [int]$EventId, [string]$Text) {
  try { Write-EventLog -LogName 'RMM Queue' -Source 'RMM Queue' -EntryType $Level -EventId $EventId -Message $Text } catch { }
}

# Ends a process and what it started; children first would be started anew by their parents. Windows gives numbers of processes
# anew: who is older than the job is the child of another process that had this number, and stays.
function Stop-Tree([int]$ProcessId, [DateTime]$Since, [int]$Depth) {
  $all = @(Get-CimInstance -ClassName Win32_Process -Filter "ParentProcessId = $ProcessId" -Property ProcessId, CreationDate)
  $children = @($all | Where-Object { $null -ne $_.CreationDate -and $_.CreationDate.ToUniversalTime() -ge $Since })
  try { Stop-Process -Id $ProcessId -Force } catch { }
  if ($Depth -lt 8) { foreach ($child in $children) { Stop-Tree $child.ProcessId $Since ($Depth + 1) } }
}

# The script goes to a PowerShell of its own over standard input, in base64, so that no code page alters it.
function Start-Script([byte[]]$Script) {
  $start = New-Object Diagnostics.ProcessStartInfo
  $start.FileName = Join-Path $PSHOME 'powershell.exe'
  $start.Arguments = '-NoLogo -NoProfile -NonInteractive -Command "[Console]::OutputEncoding = New-Object Text.UTF8Encoding $false; & ([ScriptBlock]::Create([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String([Console]::In.ReadToEnd()))))"'
  $start.UseShellExecute = $false
  $start.CreateNoWindow = $true
  $start.RedirectStandardInput = $true
  $start.RedirectStandardOutput = $true
  $start.RedirectStandardError = $true
  $process = [Diagnostics.Process]::Start($start)
  $text = $Ascii.GetBytes([Convert]::ToBase64String($Script))
  $process.StandardInput.BaseStream.Write($text, 0, $text.Length)
  $process.StandardInput.Close()
  return $process
}

# Reads both outputs until they close, within cap and time; a stop file beside the claimed job ends it.
function Read-Outputs($Process, [DateTime]$Since, $Job, [string]$StopFile) {
  $streams = $Process.StandardOutput.BaseStream, $Process.StandardError.BaseStream
  $buffers = (New-Object byte[] 65536), (New-Object byte[] 65536)
  $kept = (New-Object IO.MemoryStream), (New-Object IO.MemoryStream)
  $reads = @($streams[0].ReadAsync($buffers[0], 0, 65536), $streams[1].ReadAsync($buffers[1], 0, 65536))
  $clock = [Diagnostics.Stopwatch]::StartNew()
  $quietSince = [long]-1
  $result = @{ End = $null; IsTruncated = $false; Stdout = $Nothing; Stderr = $Nothing }
  while ($null -ne $reads[0] -or $null -ne $reads[1]) {
    $open = [Threading.Tasks.Task[]]@($reads | Where-Object { $null -ne $_ })
    $null = [Threading.Tasks.Task]::WaitAny($open, 250)
    foreach ($i in 0, 1) {
      if ($null -eq $reads[$i] -or -not $reads[$i].IsCompleted) { continue }
      $quietSince = [long]-1
      $count = $reads[$i].Result
      if ($count -eq 0) { $reads[$i] = $null; continue }
      $take = [int][Math]::Min([long]$count, [long]$Job.maxOutputBytes - $kept[$i].Length)
      if ($take -gt 0) { $kept[$i].Write($buffers[$i], 0, $take) }
      if ($take -lt $count) { $result.IsTruncated = $true }
      $reads[$i] = $streams[$i].ReadAsync($buffers[$i], 0, 65536)
    }
    if ($result.IsTruncated -and -not $Job.keepTruncated) { $result.End = @{ kind = 'too-large' } }
    elseif ($clock.ElapsedMilliseconds -gt [long]$Job.timeoutMs) { $result.End = @{ kind = 'timed-out' } }
    elseif ([IO.File]::Exists($StopFile)) { $result.End = @{ kind = 'stopped' } }
    if ($null -ne $result.End) { Stop-Tree $Process.Id $Since 0; break }
    # A child of the script may hold an output for ever: a second of silence behind the script's end is waited for.
    if ($Process.HasExited) {
      if ($quietSince -lt 0) { $quietSince = $clock.ElapsedMilliseconds }
      if ($clock.ElapsedMilliseconds - $quietSince -gt 1000) { break }
    }
  }
  if ($null -eq $result.End) {
    $left = [Math]::Max(1, [long]$Job.timeoutMs - $clock.ElapsedMilliseconds)
    if ($Process.WaitForExit([int][Math]::Min($left, 2147483647))) { $result.End = @{ kind = 'exit'; code = $Process.ExitCode } }
    else { Stop-Tree $Process.Id $Since 0; $result.End = @{ kind = 'timed-out' } }
  }
  $result.Stdout = $kept[0].ToArray()
  $result.Stderr = $kept[1].ToArray()
  return $result
}

function Invoke-Job($Job, [byte[]]$Script, [string]$StopFile) {
  $order = Read-Member $Job 'order'
  Write-Log 'Information' 1 "job $($Job.id) $($Job.kind) lane $Lane order $order script $($Job.scriptSha256)"
  if ($Job.kind -ceq 'hello') {
    Write-Answer $Job.id @{ kind = 'hello'; identity = $Identity; hostname = $env:COMPUTERNAME } $Nothing $Nothing
    return
  }
  $startedAt = Get-NowMs
  $since = [DateTime]::UtcNow.AddSeconds(-1)
  try { $process = Start-Script $Script } catch {
    $end = @{ kind = 'not-started'; detail = 'PowerShell could not be started' }
    Write-Answer $Job.id @{ kind = 'ran'; end = $end; isTruncated = $false; startedAt = $startedAt } $Nothing $Nothing
    return
  }
  try { $result = Read-Outputs $process $since $Job $StopFile } finally { $process.Dispose() }
  $statement = @{ kind = 'ran'; end = $result.End; isTruncated = $result.IsTruncated; startedAt = $startedAt }
  Write-Answer $Job.id $statement $result.Stdout $result.Stderr
}

# A move that replaces nothing: of many claimants one wins, and the others find no file.
function Invoke-Claimed([string]$File, [string]$JobId) {
  $claim = Join-Path $Claimed ([IO.Path]::GetFileName($File))
  try { [IO.File]::Move($File, $claim) } catch { return }
  $stop = Join-Path $Claimed ($JobId + '.stop')
  try {
    $info = New-Object IO.FileInfo $claim
    if (($info.Attributes -band [IO.FileAttributes]::ReparsePoint) -ne 0) { return }
    if ($info.Length -gt $MaxJobBytes) { Write-Refusal $JobId 'too-large'; return }
    $found = @{ Job = $null; Script = $Nothing }
    $why = Test-Job ([IO.File]::ReadAllBytes($claim)) $JobId $found
    if ($null -ne $why) { Write-Refusal $JobId $why; return }
    Add-ToJournal $found.Job
    Invoke-Job $found.Job $found.Script $stop
  } finally {
    try { [IO.File]::Delete($claim); [IO.File]::Delete($stop) } catch { }
  }
}

function Get-LaneFiles([string]$Folder) {
  $files = @([IO.Directory]::GetFiles($Folder, "*.$Lane.job") | Sort-Object | Select-Object -First $MaxJobsAtOnce)
  return @($files | Where-Object { [IO.Path]::GetFileName($_) -cmatch "\A$Id\.$Lane\.job\z" })
}

function Get-JobId([string]$File) { return [IO.Path]::GetFileName($File).Substring(0, 36) }

# Who may write to the share may put a junction in a folder's place: the system would read, write and delete where it leads.
function Test-Folders {
  foreach ($folder in $Queue, $Jobs, $Claimed, $Done) {
    $info = New-Object IO.DirectoryInfo $folder
    if (-not $info.Exists -or ($info.Attributes -band [IO.FileAttributes]::ReparsePoint) -ne 0) { return $false }
  }
  return $true
}

function Wait-Folders {
  if (Test-Folders) { return }
  Write-Log 'Error' 4 'a folder of the queue is missing or leads elsewhere: nothing runs before that is mended'
  while (-not (Test-Folders)) { Start-Sleep -Seconds 5 }
}

# What an earlier run of this worker left: nobody knows what became of it, and that is what is said. Other files than of a queue stay.
function Clear-Leftovers {
  foreach ($file in (Get-LaneFiles $Claimed)) {
    Write-Refusal (Get-JobId $file) 'interrupted'
    [IO.File]::Delete($file)
  }
  $old = [DateTime]::UtcNow.AddHours(-25)
  foreach ($folder in $Claimed, $Done) {
    foreach ($file in [IO.Directory]::GetFiles($folder)) {
      if ([IO.Path]::GetFileName($file) -cnotmatch "\A$Id\.($Leftover)\z") { continue }
      if ([IO.File]::GetLastWriteTimeUtc($file) -lt $old) { try { [IO.File]::Delete($file) } catch { } }
    }
  }
}

$Jobs = Join-Path $Queue 'jobs'
$Claimed = Join-Path $Queue 'claimed'
$Done = Join-Path $Queue 'done'
$JournalFile = Join-Path $State "journal-$Lane.txt"
$RelayPoint = ConvertFrom-Base64Url $RelayKey
$RelayEcdsa = Import-PublicKey $RelayPoint
$JobHeader = ConvertTo-Base64Url $Ascii.GetBytes('{"alg":"ES256","kid":"' + (Get-Fingerprint $RelayPoint) + '","typ":"rmm-job"}')
$AnswerHeader = ConvertTo-Base64Url $Ascii.GetBytes('{"alg":"ES256","typ":"rmm-answer"}')
$DeviceKey = Open-DeviceKey
$DeviceEcdsa = New-Object Security.Cryptography.ECDsaCng -ArgumentList $DeviceKey
$DevicePoint = New-Object byte[] 64
[Array]::Copy($DeviceKey.Export([Security.Cryptography.CngKeyBlobFormat]::EccPublicBlob), 8, $DevicePoint, 0, 64)
$DeviceFingerprint = Get-Fingerprint $DevicePoint
$Identity = Get-OwnIdentity
# One worker of a lane on this machine, whoever starts it: a second one ends here.
$Lock = New-Object IO.FileStream (Join-Path $State "$Lane.lock"), ([IO.FileMode]::OpenOrCreate), ([IO.FileAccess]::ReadWrite), ([IO.FileShare]::None)
Read-Journal
Wait-Folders
Clear-Leftovers
$watcher = New-Object IO.FileSystemWatcher $Jobs, "*.$Lane.job"
while ($true) {
  Wait-Folders
  foreach ($file in (Get-LaneFiles $Jobs)) {
    try { Invoke-Claimed $file (Get-JobId $file) } catch { Write-Log 'Error' 3 "job $(Get-JobId $file) broke: $($_.Exception.Message)" }
  }
  $null = $watcher.WaitForChanged([IO.WatcherChangeTypes]'Created, Renamed', 2000)
}
`;
